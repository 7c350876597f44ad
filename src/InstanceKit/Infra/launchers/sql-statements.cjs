// Splits a script into what psql would run: statements, and its own commands (\connect, \gexec …).
'use strict';

const dollarQuote = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const variable = /:(?:'(\w+)'|"(\w+)"|(\w+))/y;

// Where a quoted text or comment that starts here ends; undefined if none starts here.
function skip(text, at) {
  if (text.startsWith('--', at)) return endOf(text, text.indexOf('\n', at), 0);
  if (text.startsWith('/*', at)) {
    let depth = 1, i = at + 2;
    for (; i < text.length && depth > 0; i++) {
      if (text.startsWith('/*', i)) { depth++; i++; } else if (text.startsWith('*/', i)) { depth--; i++; }
    }
    return i;
  }
  const c = text[at];
  if (c === '"') return endOf(text, text.indexOf('"', at + 1), 1);
  if (c === "'") {
    const hasEscapes = /(^|[^\w])[eE]$/.test(text.slice(Math.max(0, at - 2), at));
    let i = at + 1;
    for (; i < text.length; i++) {
      if (hasEscapes && text[i] === '\\') i++;
      else if (text[i] === "'") return i + 1;
    }
    return i;
  }
  dollarQuote.lastIndex = at;
  const tag = c === '$' && !/\w/.test(text[at - 1] ?? '') && dollarQuote.exec(text);
  return tag ? endOf(text, text.indexOf(tag[0], at + tag[0].length), tag[0].length) : undefined;
}

const endOf = (text, found, length) => (found < 0 ? text.length : found + length);

/**
 * The steps of a script: { sql } to send, or { command, argument, sql } for a command, with what stands before it.
 * @param variables values of :name, :'name' and :"name".
 */
exports.stepsOf = function* stepsOf(text, variables = {}) {
  let sql = '', depth = 0;
  for (let i = 0; i < text.length;) {
    const end = skip(text, i);
    if (end !== undefined) {
      sql += text.slice(i, end);
      i = end;
      continue;
    }
    const c = text[i];
    variable.lastIndex = i;
    const named = c === ':' && text[i - 1] !== ':' && variable.exec(text);
    if (named && (named[1] ?? named[2] ?? named[3]) in variables) {
      const value = String(variables[named[1] ?? named[2] ?? named[3]]);
      sql += named[1] ? `'${value.replaceAll("'", "''")}'` : named[2] ? `"${value.replaceAll('"', '""')}"` : value;
      i += named[0].length;
    } else if (c === ';' && depth === 0) {
      if (sql.trim()) yield { sql };
      sql = '';
      i++;
    } else if (c === '\\') {
      const line = /[^\n]*/y;
      line.lastIndex = i + 1;
      const [, command, argument] = /^(\S*)\s*(.*?)\s*$/.exec(line.exec(text)[0]);
      yield { command, argument, sql: sql.trim() };
      sql = '';
      i = line.lastIndex;
    } else {
      if (c === '(') depth++;
      else if (c === ')') depth--;
      sql += c;
      i++;
    }
  }
  if (sql.replace(/--[^\n]*|\/\*[^]*?\*\//g, '').trim()) yield { sql };
};
