/** Stretches of time: sorted, apart from each other, start included and end not. Epoch ms. */
export interface Span {
  from: number;
  until: number;
}

/** Spans in order, those that touch or overlap made one. The first one's further fields stay. */
export function merged<S extends Span>(spans: readonly S[]): S[] {
  const result: S[] = [];
  for (const span of [...spans].sort((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.until) last.until = Math.max(last.until, span.until);
    else result.push({ ...span });
  }
  return result;
}

/** The span that holds `at`. */
export function holding<S extends Span>(spans: readonly S[], at: number): S | undefined {
  return spans.find(({ from, until }) => from <= at && at < until);
}

/** What is left of `whole` outside `gaps`. */
export function outside(whole: Span, gaps: readonly Span[]): Span[] {
  const result: Span[] = [];
  let from = whole.from;
  for (const gap of merged(gaps)) {
    if (gap.from > from) result.push({ from, until: Math.min(gap.from, whole.until) });
    from = Math.max(from, gap.until);
  }
  if (from < whole.until) result.push({ from, until: whole.until });
  return result.filter((span) => span.from < span.until);
}

/** The first moment at which `ms` of `spans` have gone by since `since`; Infinity when there is not enough left. */
export function after(spans: readonly Span[], since: number, ms: number): number {
  let left = ms;
  for (const { from, until } of spans) {
    if (until <= since) continue;
    const start = Math.max(from, since);
    if (until - start > left) return start + left;
    left -= until - start;
  }
  return Infinity;
}
