// Evaluates a PM2 file and prints, as its last line, {"apps": [...], "files": [...], "variables": [...]} or
// {"error": {"message", "line"}}. The files and variables are those that it has read.
// Run as: node -e <this text> -- FILE
const fs = require('node:fs');
const Module = require('node:module');
const { syncBuiltinESMExports } = Module;
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const file = process.argv[1];
const url = pathToFileURL(file).href;
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

const files = new Set();
const variables = new Set();

// Everything by which the next evaluation may give something else.
function watch() {
  const { readFileSync } = fs;
  fs.readFileSync = (name, ...rest) => {
    if (typeof name === 'string') files.add(path.resolve(name));
    return readFileSync(name, ...rest);
  };
  syncBuiltinESMExports();
  process.env = new Proxy(process.env, {
    get(target, name) {
      if (typeof name === 'string') variables.add(name);
      return target[name];
    },
    has(target, name) {
      if (typeof name === 'string') variables.add(name);
      return name in target;
    },
  });
}

function inputs() {
  for (const name of Object.keys(require.cache)) files.add(name);
  return { files: [...files], variables: [...variables] };
}

function finish(result) {
  let text;
  try {
    text = JSON.stringify(result);
  } catch (error) {
    text = JSON.stringify({ error: { message: error.message.split('\n')[0], line: null } });
  }
  print(`\n${text}\n`, () => process.exit(0));
}

function fail(error) {
  const message = String(error?.message ?? error).split('\n')[0];
  const line = lineOf(String(error?.stack ?? '')) ?? (error instanceof SyntaxError ? lineOf(check()) : null);
  finish({ error: { message, line } });
}

// The only way to get the position of a syntax error in a module.
function check() {
  return spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' }).stderr;
}

// The first place in the file that the stack names, as a path or as a URL.
function lineOf(stack) {
  const found = [file, url]
    .map((name) => ({ at: stack.indexOf(`${name}:`), end: name.length + 1 }))
    .filter((place) => place.at >= 0)
    .sort((one, other) => one.at - other.at)[0];
  const line = found && parseInt(stack.slice(found.at + found.end), 10);
  return Number.isInteger(line) ? line : null;
}

async function load() {
  if (file.endsWith('.json')) return require(file);
  const module = await import(url).catch((error) => {
    if (error?.code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error;
    return transpiled();
  });
  const exported = 'default' in module ? module.default : module;
  return exported?.__esModule && 'default' in exported ? exported.default : exported;
}

// TypeScript, which Node.js itself reads from 22.18 on: by a compiler among the packages of the workspace.
function transpiled() {
  const options = { module: 1, target: 99, esModuleInterop: true };
  const compilers = {
    typescript: (compiler, text) => compiler.transpileModule(text, { compilerOptions: options }).outputText,
    esbuild: (compiler, text) => compiler.transformSync(text, { loader: 'ts', format: 'cjs' }).code,
  };
  const requireThere = Module.createRequire(file);
  for (const [name, compile] of Object.entries(compilers)) {
    let compiler;
    try {
      compiler = requireThere(name);
    } catch {
      continue; // not a package of the workspace
    }
    const module = new Module(file);
    module.filename = file;
    module.paths = Module._nodeModulePaths(path.dirname(file));
    module._compile(compile(compiler, fs.readFileSync(file, 'utf8')), file);
    return module.exports;
  }
  throw new Error(`Node.js ${process.version} can't read TypeScript; 22.18 or later can, or the package typescript of the workspace`);
}

function appsOf(value) {
  const apps = value?.apps ?? value?.pm2?.apps ?? value;
  const list = Array.isArray(apps) ? apps : [apps];
  if (list.length > 0 && list.every((app) => app && typeof app === 'object' && (app.script || app.name))) return list.map(named);
  throw new Error('it exports no apps (expected an object with an "apps" array)');
}

// PM2 names an app without a name after its script.
function named(app) {
  const name = app.name ?? path.basename(String(app.script));
  return typeof app.name === 'string' ? app : { ...app, name: String(name) };
}

process.on('uncaughtException', fail);
watch();
load()
  .then((exported) => (typeof exported === 'function' ? exported() : exported))
  .then((value) => finish({ apps: appsOf(value), ...inputs() }))
  .catch(fail);
