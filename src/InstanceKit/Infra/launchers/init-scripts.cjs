// Creates the database and runs the workspace's init scripts, as the official image does.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { spawn } = require('node:child_process');

const onPath = (name) => (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));

// Windows has no shell for such scripts; the bash in its system directory belongs to WSL.
const shell = () => {
  if (process.platform !== 'win32') return onPath('bash') ?? 'sh';
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), `${process.env.ProgramFiles ?? 'C:\\Program Files'}\\Git\\bin`];
  const found = folders.filter((folder) => !/\\windows(\\|apps$)/i.test(folder))
    .map((folder) => path.join(folder, 'bash.exe')).find((file) => fs.existsSync(file));
  if (found) return found;
  throw new Error('the init scripts of the stack need a shell; install Git for Windows, which includes one');
};

/**
 * The scripts in the order of the names that they have in the container; as there, files in folders below don't count.
 * @param mounts each "NAME:PATH": a file mounted under a name, or with an empty name the whole folder.
 */
exports.scriptsOf = (mounts) => mounts.flatMap((mount) => {
  const cut = mount.indexOf(':');
  const [name, source] = [mount.slice(0, cut), mount.slice(cut + 1)];
  if (name) return name.includes('/') ? [] : [{ name, path: source }];
  if (!fs.existsSync(source)) return [];
  return fs.readdirSync(source).map((file) => ({ name: file, path: path.join(source, file) }));
}).filter(({ name, path: file }) => /\.(sh|sql|sql\.gz)$/.test(name) && fs.statSync(file).isFile())
  .sort((a, b) => (a.name < b.name ? -1 : 1));

exports.runInitScripts = async ({ settings, scripts, way, scratch, say, ended, port, host }) => {
  const environment = {
    ...process.env, ...settings.environment,
    PGHOST: host, PGPORT: String(port), PGUSER: settings.user, PGDATABASE: settings.database, PGPASSWORD: settings.password ?? '',
    POSTGRES_USER: settings.user, POSTGRES_DB: settings.database, POSTGRES_PASSWORD: settings.password ?? '',
    HOME: scratch,
  };
  const psql = provideClient(settings, scratch, environment);
  const call = (program, args, input) => new Promise((resolve, reject) => {
    const [first, ...words] = [...way.prefix, program, ...args];
    const child = spawn(first, words, {
      ...way.options, cwd: scratch, env: environment, stdio: [input ? 'pipe' : 'ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => (code === 0 ? resolve() : reject(new Error(`${program} ${args.join(' ')} exited with ${code ?? signal}`))));
    child.stdin?.on('error', () => {}); // it exited before it had read everything; its exit code says why
    child.stdin?.end(input);
  });
  const sql = (database, args, input) => call(psql[0],
    [...psql.slice(1), '-v', 'ON_ERROR_STOP=1', '--no-password', '--no-psqlrc', '--quiet', '--username', settings.user, '--dbname', database, ...args], input);

  await untilItAnswers(host, port, settings.user, ended);
  if (settings.database !== 'postgres')
    await sql('postgres', ['-c', `CREATE DATABASE "${settings.database.replaceAll('"', '""')}"`]);
  for (const { name, path: script } of scripts) {
    say(`running ${script}`);
    if (name.endsWith('.sql')) await sql(settings.database, ['-f', script]);
    else if (name.endsWith('.sql.gz')) await sql(settings.database, [], zlib.gunzipSync(fs.readFileSync(script)));
    else if (fs.statSync(script).mode & 0o111) await call(script, []);
    else await call(shell(), [script]);
  }
};

// The installed psql, or a small replacement where there is none; scripts call it "psql".
function provideClient(settings, scratch, environment) {
  const own = onPath(process.platform === 'win32' ? 'psql.exe' : 'psql');
  if (own && !settings.usesOwnClient) return [own];
  const client = [process.execPath, path.join(__dirname, 'psql.cjs')];
  environment.INSTANCEKIT_PG_PACKAGE = settings.package;
  const folder = path.join(scratch, 'bin');
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'psql'), `#!/bin/sh\nexec '${client[0]}' '${client[1]}' "$@"\n`, { mode: 0o755 });
  environment.PATH = `${folder}${path.delimiter}${process.env.PATH}`;
  return client;
}

async function untilItAnswers(host, port, user, ended) {
  let isEnded = false;
  ended.then(() => { isEnded = true; });
  const { connect } = require('node:net');
  const place = host.startsWith('/') ? { path: path.join(host, `.s.PGSQL.${port}`) } : { host, port };
  // A startup packet: the server responds with an error (E) until it is ready, then with R.
  const text = Buffer.from(`user\0${user}\0database\0postgres\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + text.length, 0);
  head.writeInt32BE(196608, 4);
  for (;;) {
    if (isEnded) throw new Error('the server exited while the data was being created; see its output above');
    const answer = await new Promise((resolve) => {
      const socket = connect(place, () => socket.write(Buffer.concat([head, text])));
      socket.once('data', (data) => { resolve(String.fromCharCode(data[0])); socket.destroy(); });
      socket.once('error', () => resolve(undefined));
      socket.once('close', () => resolve(undefined));
    });
    if (answer === 'R') return;
    await new Promise((done) => setTimeout(done, 50));
  }
}
