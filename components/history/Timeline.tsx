import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Condition, History } from '../../utils/keeper/status/history.ts';
import type { Span } from '../../utils/tradovate/maintenance.ts';
import { axis } from './axis.ts';

interface Props {
  history: History;
  closed: readonly Span[];
  span: Span;
  /** What is drawn, in words. */
  label: string;
}

/**
 * A login's time as a strip. Each condition has a height and a texture of its own, so that it is told
 * without colour: alive a full bar, at risk a striped one, dead a thin line below, asleep a dotted one.
 */
export function Timeline({ history, closed, span, label }: Props) {
  const id = useId();
  const place = (at: number) => `${((at - span.from) / (span.until - span.from)) * 100}%`;
  const length = ({ from, until }: Span) => `${((until - from) / (span.until - span.from)) * 100}%`;
  return (
    <svg class="timeline" role="img" aria-label={label} width="100%" height="62">
      <Textures id={id} />
      {closed.map((one) => (
        <rect
          key={`closed ${one.from}`}
          class="closed"
          x={place(one.from)}
          width={length(one)}
          y="0"
          height="40"
          fill={`url(#${id}-closed)`}
        />
      ))}
      {history.stretches.map((one) => (
        <Bar
          key={`${one.is} ${one.from}`}
          is={one.is}
          x={place(one.from)}
          width={length(one)}
          id={id}
        />
      ))}
      {history.renewals.map((at) => (
        <line key={`renewed ${at}`} class="tick" x1={place(at)} x2={place(at)} y1="3" y2="9" />
      ))}
      {history.signIns.map((at) => (
        <svg key={`signed in ${at}`} class="sign-in" x={place(at)} y="1" overflow="visible">
          <path d="m-4 0 4 8 4-8z" />
        </svg>
      ))}
      <line class="axis" x1="0" x2="100%" y1="40" y2="40" />
      {axis(span).map(({ at, words }) => (
        <svg key={at} x={place(at)} y="40" overflow="visible">
          <line class="axis" y2="4" />
          <text y="18" text-anchor="middle">
            {words}
          </text>
        </svg>
      ))}
    </svg>
  );
}

/** The patterns that bars and legend are filled with; `id` keeps them apart on a page. */
export function Textures({ id }: { id: string }): ComponentChildren {
  return (
    <defs>
      <pattern id={`${id}-closed`} width="6" height="6" patternUnits="userSpaceOnUse">
        <path d="M0 6 6 0" class="hatch" />
      </pattern>
      <pattern id={`${id}-risk`} width="5" height="5" patternUnits="userSpaceOnUse">
        <rect width="3" height="5" class="stripe" />
      </pattern>
    </defs>
  );
}

/** One stretch of time, as tall and as textured as its condition. */
export function Bar({ is, x, width, id }: { is: Condition; x: string; width: string; id: string }) {
  const box = { x, width, class: `bar ${is}` };
  switch (is) {
    case 'alive':
      return <rect {...box} y="13" height="22" />;
    case 'at-risk':
      return (
        <>
          <rect {...box} y="13" height="22" fill={`url(#${id}-risk)`} />
          <rect {...box} class="bar at-risk-edge" y="13" height="2" />
        </>
      );
    case 'dead':
      return <rect {...box} y="31" height="4" />;
    case 'asleep':
      return (
        <svg x={x} width={width} y="0" height="40">
          <line class="bar asleep" x1="2" x2="100%" y1="26" y2="26" />
        </svg>
      );
  }
}
