/**
 * What there is to cover in one source file, read from the source itself with TypeScript's parser. Every run is judged against
 * these points, whatever bundle it ran: so the same branch is the same branch in a test runner's module, in the built program
 * and in the browser's bundle, and the union of the runs is exact.
 *
 * What counts follows Istanbul: statements, function bodies, and for branches each side of an `if` (the missing `else` too), of
 * `?:`, each operand of `&&`, `||` and `??`, and each `case` with statements. Default values and `?.` are not counted, because
 * V8 does not tell whether they were used.
 */
import ts from 'typescript';

/**
 * @typedef {{ start: number, end: number }} Range offsets into the source; `end` is exclusive
 * @typedef {Range & { name: string, body: Range, inner: Range[] }} FunctionPoint `inner` are the functions inside it
 * @typedef {Range & { kind: 'if' | 'cond-expr' | 'binary-expr' | 'switch', arms: (Range | 'implied else')[] }} BranchPoint
 * @typedef {{ statements: Range[], functions: FunctionPoint[], branches: BranchPoint[] }} Points
 */

/**
 * @param {string} path decides between TypeScript and TSX
 * @param {string} text
 * @returns {Points}
 */
export function pointsOf(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {Points} */
  const points = { statements: [], functions: [], branches: [] };
  /** @type {FunctionPoint[]} */
  const open = [];
  /** @param {ts.Node} node @returns {Range} */
  const range = node => ({ start: node.getStart(file), end: node.getEnd() });

  /** @param {ts.Node} node @returns {void} */
  const visit = node => {
    if (isTypeOnly(node)) return;
    if (isStatement(node)) points.statements.push(range(node));
    else if (ts.isPropertyDeclaration(node) && node.initializer)
      points.statements.push(range(node.initializer));
    const branch = branchOf(node, range);
    if (branch !== undefined) points.branches.push(branch);
    const body = functionBody(node);
    if (body === undefined) {
      ts.forEachChild(node, visit);
      return;
    }
    const name = ts.isFunctionLike(node) && node.name ? node.name.getText(file) : '(anonymous)';
    const point = { ...range(node), name, body: range(body), inner: [] };
    points.functions.push(point);
    open.at(-1)?.inner.push(range(node));
    open.push(point);
    if (!ts.isBlock(body)) points.statements.push(range(body));
    ts.forEachChild(node, visit);
    open.pop();
  };
  visit(file);
  return points;
}

/** Declarations that leave nothing in the program. @param {ts.Node} node */
function isTypeOnly(node) {
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true;
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(modifier => modifier.kind === ts.SyntaxKind.DeclareKeyword)
  );
}

/** @param {ts.Node} node */
function isStatement(node) {
  if (!ts.isStatement(node) || ts.isBlock(node) || ts.isEmptyStatement(node)) return false;
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isLabeledStatement(node))
    return false;
  // `let x;` does nothing.
  return !ts.isVariableStatement(node) || node.declarationList.declarations.some(each => each.initializer);
}

/** @param {ts.Node} node @returns {ts.Node | undefined} */
function functionBody(node) {
  if (ts.isFunctionLike(node) && 'body' in node) return node.body;
  return undefined;
}

/**
 * @param {ts.Node} node
 * @param {(node: ts.Node) => Range} range
 * @returns {BranchPoint | undefined}
 */
function branchOf(node, range) {
  if (ts.isIfStatement(node)) {
    const otherwise = node.elseStatement === undefined ? 'implied else' : range(node.elseStatement);
    return { ...range(node), kind: 'if', arms: [range(node.thenStatement), otherwise] };
  }
  if (ts.isConditionalExpression(node)) {
    return { ...range(node), kind: 'cond-expr', arms: [range(node.whenTrue), range(node.whenFalse)] };
  }
  if (ts.isSwitchStatement(node)) {
    const first = node.caseBlock.clauses.flatMap(clause => clause.statements.slice(0, 1));
    return { ...range(node), kind: 'switch', arms: first.map(range) };
  }
  if (ts.isBinaryExpression(node) && isLogical(node) && !isPartOfChain(node)) {
    return { ...range(node), kind: 'binary-expr', arms: operands(node).map(range) };
  }
  return undefined;
}

/** @param {ts.BinaryExpression} node */
function isLogical(node) {
  const kind = node.operatorToken.kind;
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken
  );
}

/** Whether it is an operand of another logical expression, which counts it. @param {ts.Node} node */
function isPartOfChain(node) {
  let parent = node.parent;
  while (ts.isParenthesizedExpression(parent)) parent = parent.parent;
  return ts.isBinaryExpression(parent) && isLogical(parent);
}

/** @param {ts.Expression} node @returns {ts.Expression[]} */
function operands(node) {
  if (ts.isParenthesizedExpression(node)) return operands(node.expression);
  if (!ts.isBinaryExpression(node) || !isLogical(node)) return [node];
  return [...operands(node.left), ...operands(node.right)];
}
