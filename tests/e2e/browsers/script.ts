/** The text of an expression that runs `body` with `arg` in a page. */
export function expressionOf(body: unknown, arg: unknown): string {
  if (typeof body === 'string') return body;
  if (typeof body !== 'function') throw new TypeError('evaluate takes a string or a function');
  const argument = arg === undefined ? 'undefined' : JSON.stringify(arg);
  return `(${(body as () => unknown).toString()})(${argument})`;
}

/** The visible text of the page. */
export const visibleText = `document.body ? document.body.innerText : ''`;

/** Runs on a shadow root in either browser. */
export const describeShadow = `function () {
  // What is read, with what style sheets add to it.
  const read = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.getClientRects().length === 0) return '';
    const { content } = getComputedStyle(node, '::before');
    const name = /^attr\\((.+)\\)$/.exec(content)?.[1];
    const added = name ? node.getAttribute(name) ?? '' : /^"/.test(content) ? JSON.parse(content) : '';
    const text = added + [...node.childNodes].map(read).join('');
    return /^inline/.test(getComputedStyle(node).display) ? text : '\\n' + text + '\\n';
  };
  const visible = [...this.querySelectorAll('*')].filter(
    (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility === 'visible');
  const boxes = visible.map((e) => e.getBoundingClientRect()).filter((b) => b.width * b.height > 0);
  const left = Math.min(...boxes.map((b) => b.left)), top = Math.min(...boxes.map((b) => b.top));
  const right = Math.max(...boxes.map((b) => b.right)), bottom = Math.max(...boxes.map((b) => b.bottom));
  return {
    text: [...this.children].map((e) => e.tagName === 'STYLE' ? '' : read(e))
      .join('\\n').replaceAll(/\\n\\s+/g, '\\n').trim(),
    html: this.innerHTML,
    rect: boxes.length === 0 ? { x: 0, y: 0, width: 0, height: 0 }
      : { x: left, y: top, width: right - left, height: bottom - top },
  };
}`;
