// A small client for init scripts on machines without psql: it runs statements one by one, as psql does,
// supports psql's usual options and the commands \connect, \gexec, \i, \ir, \set, \echo and \q, and rejects all others.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');
const { stepsOf } = require('./sql-statements.cjs');
const { Client } = createRequire(path.join(process.env.INSTANCEKIT_PG_PACKAGE, 'package.json'))('pg');

const withValue = { v: 'set', set: 'set', variable: 'set', U: 'user', username: 'user', d: 'database', dbname: 'database',
  h: 'host', host: 'host', p: 'port', port: 'port', c: 'command', command: 'command', f: 'file', file: 'file' };
const flags = { t: 'rowsOnly', 'tuples-only': 'rowsOnly', A: '', 'no-align': '', q: 'quiet', quiet: 'quiet', X: '', 'no-psqlrc': '',
  w: '', 'no-password': '', 1: 'single', 'single-transaction': 'single', a: '', 'echo-all': '', b: '', 'echo-errors': '', e: '', 'echo-queries': '' };
const refuse = (what) => {
  throw new Error(`${what} is not supported by this stand-in for psql; install the PostgreSQL client (Debian: postgresql-client) to use it instead`);
};

function parse(args) {
  const chosen = { work: [], variables: {}, places: [] };
  const give = (key, value) => {
    if (key === 'set') chosen.variables[value.split('=')[0]] = value.includes('=') ? value.slice(value.indexOf('=') + 1) : '';
    else if (key === 'command' || key === 'file') chosen.work.push({ [key]: value });
    else chosen[key] = value;
  };
  for (let i = 0; i < args.length; i++) {
    const [, long, given] = /^--([\w-]+)(?:=([^]*))?$/.exec(args[i]) ?? [];
    if (long) {
      if (long in withValue) give(withValue[long], given ?? args[++i]);
      else if (long in flags) chosen[flags[long]] = true;
      else refuse(`--${long}`);
    } else if (/^-./.test(args[i])) {
      for (let j = 1; j < args[i].length; j++) {
        const letter = args[i][j];
        if (letter in withValue) {
          give(withValue[letter], args[i].slice(j + 1) || args[++i]);
          break;
        }
        if (letter in flags) chosen[flags[letter]] = true;
        else refuse(`-${letter}`);
      }
    } else chosen.places.push(args[i]);
  }
  chosen.database ??= chosen.places[0];
  chosen.user ??= chosen.places[1];
  return chosen;
}

async function main() {
  const chosen = parse(process.argv.slice(2));
  const stopsAtErrors = !['', '0', 'off', undefined].includes(chosen.variables.ON_ERROR_STOP);
  let client, failed = false;

  async function connect(database) {
    await client?.end();
    client = new Client(/^postgres(ql)?:/.test(database ?? '') ? { connectionString: database } : {
      host: chosen.host ?? process.env.PGHOST, port: Number(chosen.port ?? process.env.PGPORT), user: chosen.user ?? process.env.PGUSER,
      password: process.env.PGPASSWORD, database: database ?? process.env.PGDATABASE ?? chosen.user ?? process.env.PGUSER,
    });
    client.on('notice', (notice) => console.error(`${notice.severity}:  ${notice.message}`));
    await client.connect();
  }

  async function send(sql) {
    if (/^\s*COPY\s[^]*\bFROM\s+STDIN\b/i.test(sql)) refuse('COPY … FROM stdin');
    const result = await client.query({ text: sql, rowMode: 'array' });
    if (result.fields?.length > 0) {
      if (!chosen.rowsOnly) console.log(result.fields.map((f) => f.name).join('|'));
      for (const row of result.rows) console.log(row.map((v) => v ?? '').join('|'));
    } else if (!chosen.quiet && result.command) console.log(result.command);
    return result;
  }

  async function run(text, folder) {
    for (const step of stepsOf(text, chosen.variables)) {
      try {
        await take(step, folder);
      } catch (error) {
        console.error(`psql: ERROR:  ${error.message}`);
        failed = true;
        if (stopsAtErrors) process.exit(3);
      }
    }
  }

  async function take({ command, argument, sql }, folder) {
    const word = argument?.replace(/^(['"])(.*)\1$/, '$2');
    if (command === undefined) await send(sql);
    else if (command === 'gexec') {
      const { rows } = await client.query({ text: sql, rowMode: 'array' });
      for (const cell of rows.flat()) if (cell !== null) await send(cell);
    } else if (sql) refuse(`\\${command} after an unfinished statement`);
    else if (command === 'c' || command === 'connect') await connect(word.split(/\s+/)[0]);
    else if (command === 'i' || command === 'include') await run(fs.readFileSync(word, 'utf8'), path.dirname(word));
    else if (command === 'ir' || command === 'include_relative') await run(fs.readFileSync(path.join(folder, word), 'utf8'), path.dirname(path.join(folder, word)));
    else if (command === 'set') chosen.variables[word.split(/\s+/)[0]] = word.replace(/^\S+\s*/, '').replace(/^'(.*)'$/, '$1');
    else if (command === 'echo') console.log(word);
    else if (command === 'q') process.exit(failed ? 1 : 0);
    else refuse(`\\${command}`);
  }

  await connect(chosen.database);
  if (chosen.work.length === 0) chosen.work.push({ file: 0 });
  if (chosen.single) await client.query('BEGIN');
  for (const { command, file } of chosen.work)
    await run(command ?? fs.readFileSync(file === '-' ? 0 : file, 'utf8'), typeof file === 'string' ? path.dirname(file) : '.');
  if (chosen.single) await client.query('COMMIT');
  await client.end();
  process.exitCode = failed && chosen.work.some((w) => w.command) ? 1 : 0;
}

main().catch((error) => {
  console.error(`psql: ${error.message}`);
  process.exitCode = 2;
});
