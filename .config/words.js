/**
 * Lint rule: words that a person reads are in the message files, not in the code.
 *
 * Found are: text in JSX, one word in an attribute that is read or in what JSX shows, and anywhere
 * else two words or a sentence. Not found is what is data: a string of a closed list that the compiler
 * knows ('signed in'), lists of classes, drawings, and the message of an Error, which is for developers.
 */
import ts from 'typescript';

const MESSAGE =
  'Put words for people into public/_locales/en/messages.json and show them by say() or sayCount() (utils/platform/i18n.ts), so that they can be translated.';

/** They are the same in every language. */
const NAMES = /Holdfast|Tradovate|NinjaTrader|TradingView/g;

/** Attributes and props that a person reads: there one word is enough. */
const READ = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'aria-valuetext',
  'heading',
  'help',
  'label',
  'placeholder',
  'send',
  'summary',
  'title',
]);

/** Attributes, props and fields of which no part is read. */
const DATA = new Set([
  'Authorization',
  'aria-controls',
  'aria-describedby',
  'aria-labelledby',
  'autocomplete',
  'class',
  'className',
  'color-scheme',
  'cssText',
  'd',
  'fill',
  'href',
  'id',
  'key',
  'points',
  'rel',
  'style',
  'transform',
  'viewBox',
]);

/** Functions whose words are a name or a selector. */
const NAMING = /^(?:lock|withLock|querySelector|querySelectorAll|closest|matches)$/;
const SELECTOR = /\[[\w-]+(?:=[^\]]*)?\]/;

/** Where in a text something is put in: counted as a word. */
const HOLE = '\u{FFFC}';

/** The text of a string, without markup and names; null where the node is none. */
function textOf(node) {
  if (node.type === 'Literal' && typeof node.value === 'string') return bare(node.value);
  if (node.type !== 'TemplateLiteral') return null;
  return bare(node.quasis.map(({ value }) => value.cooked ?? '').join(HOLE));
}

const bare = (text) => text.replaceAll(/<[^>]*>/g, ' ').replaceAll(NAMES, HOLE);

const hasLetter = (text) => /\p{L}/u.test(text);

/** Two words, one of which may be put in, or one that ends like a sentence. */
function isWording(text) {
  const words = text.split(/\s+/).filter((word) => hasLetter(word) || word.includes(HOLE));
  return hasLetter(text) && (words.length > 1 || /^\p{L}+[.!?…]$/u.test(text));
}

const nameOf = (node) => {
  if (node.type === 'JSXAttribute') return node.name.name;
  if (node.type === 'Property') return node.key.name ?? node.key.value;
  if (node.type === 'AssignmentExpression') return node.left.property?.name;
  return undefined;
};

const isError = (node) =>
  node.type === 'ThrowStatement' ||
  (node.type === 'NewExpression' && /Error$/.test(node.callee.name ?? '')) ||
  (node.type === 'CallExpression' && node.callee.type === 'Super');

function isNaming({ type, callee, arguments: args }) {
  if (type !== 'CallExpression') return false;
  const name = callee.name ?? callee.property?.name;
  return NAMING.test(name) || (name === 'setAttribute' && DATA.has(args[0]?.value));
}

/** A closed list itself: `['signed in', 'renewed'] as const`. */
const isListed = ({ parent }) =>
  parent.type === 'ArrayExpression' &&
  parent.parent.type === 'TSAsExpression' &&
  parent.parent.typeAnnotation.typeName?.name === 'const';

/** What stands around a node, from the inside out, up to the statement or function it is in. */
function* around(node) {
  for (let at = node.parent; at && !/Function|Block|Program/.test(at.type); at = at.parent)
    yield at;
}

/** Of what is shown or handed to an attribute only the strings themselves, not what they are compared with. */
const PASSES_ON = new Set(['ConditionalExpression', 'LogicalExpression', 'JSXExpressionContainer']);

/** The attribute or element that shows just this string; null where it is used otherwise. */
function shownBy(node) {
  let at = node;
  while (PASSES_ON.has(at.parent.type) && at.parent.test !== at) at = at.parent;
  return at.parent.type.startsWith('JSX') ? at.parent : null;
}

/** Whether the compiler holds this string to a closed list. */
function isOfClosedList(node, services) {
  if (!services?.program) return false;
  const checker = services.program.getTypeChecker();
  const at = services.esTreeNodeToTSNodeMap.get(node);
  const { parent } = node;
  let type;
  if (parent.type === 'BinaryExpression' && /^[!=]==$/.test(parent.operator)) {
    type = services.getTypeAtLocation(parent.left === node ? parent.right : parent.left);
  } else if (parent.type === 'SwitchCase') {
    type = services.getTypeAtLocation(parent.parent.discriminant);
  } else {
    type = checker.getContextualType(at);
  }
  if (!type) return false;
  const parts = type.isUnion() ? type.types : [type];
  const strings = parts.filter(({ flags }) => flags & ts.TypeFlags.StringLike);
  return strings.length > 0 && strings.every(({ flags }) => flags & ts.TypeFlags.StringLiteral);
}

/** Where a string is part of the program's own grammar. */
function isSyntax(node) {
  const { parent } = node;
  return (
    /^(?:Import|Export)/.test(parent.type) ||
    parent.type.startsWith('TS') ||
    parent.directive !== undefined ||
    ('key' in parent && parent.key === node)
  );
}

const inMessages = {
  meta: { type: 'problem', schema: [], messages: { words: MESSAGE } },
  create(context) {
    const services = context.sourceCode.parserServices;
    const report = (node) => context.report({ node, messageId: 'words' });
    const check = (node) => {
      const text = textOf(node);
      if (text === null || !hasLetter(text) || SELECTOR.test(text)) return;
      if (isSyntax(node) || isListed(node)) return;
      const outer = [...around(node)];
      if (outer.some((one) => DATA.has(nameOf(one)) || isError(one) || isNaming(one))) return;
      const shown = shownBy(node);
      const read = shown && (shown.type !== 'JSXAttribute' || READ.has(nameOf(shown)));
      if ((read || isWording(text)) && !isOfClosedList(node, services)) report(node);
    };
    return {
      JSXText: (node) => hasLetter(bare(node.value)) && report(node),
      Literal: check,
      TemplateLiteral: check,
    };
  },
};

export default { rules: { 'in-messages': inMessages } };
