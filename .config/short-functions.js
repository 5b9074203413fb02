/** A lint rule: no function is longer than 80 lines, not counting tables and JSX trees, which are read like lists. */
const MOST_LINES = 80;

const linesOf = ({ loc }) => loc.end.line - loc.start.line + 1;

export const shortFunctions = {
  meta: { type: 'suggestion', schema: [] },
  create(context) {
    const { sourceCode } = context;
    const partsOf = (node) =>
      (sourceCode.visitorKeys[node.type] ?? []).flatMap((key) => node[key] ?? []).filter(Boolean);
    const hasFunction = (node) =>
      partsOf(node).some((part) => /Function/.test(part.type) || hasFunction(part));
    const isList = (node) =>
      node.type.startsWith('JSX') ||
      (['ObjectExpression', 'ArrayExpression'].includes(node.type) && !hasFunction(node));
    const listed = (node) =>
      isList(node)
        ? linesOf(node) - 1
        : partsOf(node).reduce((lines, part) => lines + listed(part), 0);
    return {
      ':function': (node) => {
        const lines = linesOf(node) - (linesOf(node) > MOST_LINES ? listed(node) : 0);
        if (lines > MOST_LINES) {
          context.report({
            node,
            message: `${lines} lines: a function has ${MOST_LINES} at most.`,
          });
        }
      },
    };
  },
};
