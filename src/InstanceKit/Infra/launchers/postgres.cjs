// One process for PM2: creates the cluster if it is missing or incomplete, then runs the server until it is stopped.
// Everything it needs is in one variable, as JSON; see PostgresProvider.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawn, spawnSync } = require('node:child_process');
const { onEnd } = require('./ending.cjs');
const { closedAbove, identityFor, placeFor, wayIn } = require('./identity.cjs');
const { runInitScripts, scriptsOf } = require('./init-scripts.cjs');

const settings = JSON.parse(process.env.INSTANCEKIT_SERVICE);
delete process.env.INSTANCEKIT_SERVICE; // it holds the password; no child needs it
const scripts = scriptsOf(settings.scriptMounts);
const identity = identityFor(['postgres', 'nobody']);
const way = wayIn(identity);
const say = (text) => console.log(`postgres: ${text}`);
let place;
let cluster;
let stopping = false;
let server;

const program = (name) => path.join(place.programs, process.platform === 'win32' ? `${name}.exe` : name);
// The arguments of a program, and how to run it as the account.
const asServer = (name, args, more) => {
  const [first, ...words] = [...way.prefix, program(name), ...args];
  return [first, words, { ...way.options, cwd: place.data, ...more }];
};

function run(name, args) {
  const result = spawnSync(...asServer(name, args, { encoding: 'utf8' }));
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${name} exited with ${result.status ?? result.signal}: ${(result.stderr || result.stdout).trim()}`);
  return result.stdout;
}

// A killed launcher leaves its server behind, which holds the cluster and the port.
async function endSurvivor(cluster) {
  let pid;
  try {
    pid = Number(fs.readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return;
  }
  const look = () => spawnSync('ps', ['-o', 'state=,command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  const isOurs = () => look().includes(cluster);
  if (process.platform === 'win32') {
    // pg_ctl signals through a pipe that only a server with that process ID has; if it is gone, that is not a failure.
    spawnSync(...asServer('pg_ctl', ['stop', '-D', cluster, '-m', 'fast', '-w'], { encoding: 'utf8' }));
    return;
  }
  if (!(pid > 1)) return;
  const deadline = Date.now() + 10_000;
  if (isOurs()) {
    say(`stopping server ${pid}, which an earlier launcher left behind`);
    process.kill(pid, 'SIGINT');
    while (isOurs()) {
      if (Date.now() > deadline) process.kill(pid, 'SIGQUIT');
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  // A zombie keeps its process ID, and with it the cluster's lock, until init reaps it.
  while (look().trimStart().startsWith('Z') && Date.now() < deadline) await new Promise((done) => setTimeout(done, 100));
}

function start(args, stdio) {
  const child = spawn(...asServer('postgres', ['-D', cluster, ...settings.options, ...args], { stdio }));
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  return { child, ended };
}

function initialise(scratch) {
  fs.rmSync(cluster, { recursive: true, force: true });
  const passwordFile = path.join(scratch, 'password');
  fs.writeFileSync(passwordFile, settings.password ?? '', { mode: 0o600 });
  if (identity.uid !== undefined) fs.chownSync(passwordFile, identity.uid, identity.gid);
  const secret = settings.password ? [`--pwfile=${passwordFile}`] : [];
  run('initdb', ['-D', cluster, '-U', settings.user, '--encoding=UTF8', '--locale=C', '--auth-local=trust',
    `--auth-host=${settings.password ? 'scram-sha-256' : settings.authMethod}`, ...secret, ...settings.initdbArguments]);
  fs.rmSync(passwordFile);
  if (settings.authMethod !== 'scram-sha-256')
    fs.appendFileSync(path.join(cluster, 'pg_hba.conf'), `\nhost all all all ${settings.authMethod}\n`);
}

// Until the scripts have run, nobody else may connect: a socket in a private directory, no TCP.
async function populate(scratch) {
  const port = process.platform === 'win32' ? await freePort() : settings.port;
  const place = process.platform === 'win32'
    ? ['-c', 'listen_addresses=127.0.0.1'] : ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${scratch}`];
  const temporary = start([...place, '-p', String(port)], ['ignore', 'inherit', 'inherit']);
  server = temporary;
  await runInitScripts({
    settings, scripts, way: scriptsWay(), scratch, say, ended: temporary.ended, port,
    host: process.platform === 'win32' ? '127.0.0.1' : scratch,
  });
  await stop(temporary);
}

// The workspace's scripts run as the account, as in the image; if it can't reach them, as the user of the apps.
function scriptsWay() {
  const needed = [__filename, process.execPath, ...scripts.map((script) => script.path)];
  return needed.some((file) => closedAbove(identity, file)) ? { prefix: [], options: {} } : way;
}

function freePort() {
  return new Promise((resolve) => {
    const probe = require('node:net').createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function stop(running) {
  // SIGINT is PostgreSQL's fast shutdown; on Windows, which has no signals, pg_ctl requests it.
  if (process.platform !== 'win32') {
    running.child.kill('SIGINT');
    return running.ended;
  }
  try {
    run('pg_ctl', ['stop', '-D', cluster, '-m', 'fast', '-w']);
  } catch {
    running.child.kill(); // it has just started, and pg_ctl does not know it yet
  }
  return running.ended;
}

function requireSameMajor() {
  const made = fs.readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim();
  const has = run('postgres', ['--version']).match(/(\d+)(\.|beta|rc|devel)/)?.[1];
  if (made !== has)
    throw new Error(`the data in ${cluster} was created by PostgreSQL ${made}, but this is version ${has}; dump it with the old version, or remove ${place.data}`);
}

async function main() {
  place = placeFor(identity, settings, say);
  cluster = path.join(place.data, 'cluster');
  await endSurvivor(cluster);
  if (place.adopt) {
    await endSurvivor(path.join(settings.data, 'cluster'));
    place.adopt();
  }
  if (fs.existsSync(place.mark)) {
    requireSameMajor();
  } else {
    say(fs.existsSync(cluster) ? 'the data is incomplete; creating it again' : 'creating the data');
    const scratch = fs.mkdtempSync(path.join(closedAbove(identity, path.join(os.tmpdir(), 'x')) ? place.data : os.tmpdir(), 'ik-pg-'));
    try {
      if (identity.uid !== undefined) fs.chownSync(scratch, identity.uid, identity.gid);
      initialise(scratch);
      await populate(scratch);
    } finally {
      fs.rmSync(scratch, { recursive: true, force: true });
    }
    if (stopping) process.exit(0);
    fs.writeFileSync(`${place.mark}.tmp`, JSON.stringify({ user: settings.user, database: settings.database }) + '\n');
    fs.renameSync(`${place.mark}.tmp`, place.mark);
  }

  server = start(['-c', `listen_addresses=${settings.address}`, '-c', 'unix_socket_directories=', '-p', String(settings.port)], 'inherit');
  const ended = await server.ended;
  if (!stopping) console.error(`postgres: the server exited with ${ended}`);
  process.exit(stopping ? 0 : 1); // PM2's channel to this process would keep it alive
}

onEnd(() => {
  stopping = true;
  if (server) stop(server);
  else process.exit(0);
});
main().catch((error) => {
  console.error(`postgres: ${error.message}`);
  if (server) server.child.kill('SIGQUIT');
  process.exit(1);
});
