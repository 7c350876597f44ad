// Does what `pm2 start FILE --only NAMES` does, for each line of JSON on standard input, with the classes of that
// command, which take longer to load than a start takes. Each line gets one line in response. Exits at end of input.
'use strict';

const fs = require('fs');
const path = require('path');
const readline = require('readline');
const { stripVTControlCharacters } = require('util');

process.env.PM2_USAGE = 'CLI'; // apps started by that command see it, too
const environment = { ...process.env };
const Pm2 = require(path.join(process.argv[1], 'lib', 'API.js'));

// What PM2 prints belongs to a response.
let printed = '';
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (text, ...rest) => {
    printed += stripVTControlCharacters(String(text));
    rest.find((r) => typeof r === 'function')?.();
    return true;
  };
}
process.on('exit', (code) => {
  if (code !== 0) fs.writeSync(2, printed);
});

const call = (begin) => new Promise((done) => begin((error) => done(error ?? null)));

/** A start may change the variables that the next one would pass on. */
function restore() {
  for (const name of Object.keys(process.env)) {
    if (!(name in environment)) delete process.env[name];
  }
  Object.assign(process.env, environment);
}

/** Starts the named apps of a file; without a file, only the daemon. */
async function serve({ file, names }) {
  restore();
  printed = '';
  const pm2 = new Pm2(file ? { cwd: path.dirname(file) } : {});
  let error = await call((done) => pm2.connect(done));
  if (error === null && file) error = await call((done) => pm2.start(file, { only: names.join(',') }, done));
  await call((done) => pm2.disconnect(done));
  if (Array.isArray(error)) error = error.map((e) => e?.message ?? e).join('\n');
  const failure = error === null ? null : `${printed}${error.message ?? error}\n`;
  fs.writeSync(1, `${JSON.stringify({ failure, printed })}\n`);
}

let last = Promise.resolve();
readline.createInterface({ input: process.stdin })
  .on('line', (line) => {
    last = last.then(() => serve(JSON.parse(line)));
  })
  .on('close', () => process.exit());
