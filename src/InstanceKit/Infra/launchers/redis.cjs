// Runs an installed redis-server in the foreground; passes the password on standard input, not on the command line.
'use strict';
const fs = require('node:fs');
const { spawn } = require('node:child_process');
const { onEnd } = require('./ending.cjs');

const settings = JSON.parse(process.env.INSTANCEKIT_SERVICE);
delete process.env.INSTANCEKIT_SERVICE;
process.umask(0o077); // its data is private
fs.mkdirSync(settings.data, { recursive: true });
const quote = (text) => `"${text.replace(/[\\"]/g, '\\$&')}"`;
const lines = [
  `port ${settings.port}`, `bind ${settings.address}`, `dir ${quote(settings.data)}`, 'daemonize no', 'appendonly yes', 'save 60 1',
  'databases 256', // instances may share it
  ...(settings.password ? [`requirepass ${quote(settings.password)}`] : []),
];
const server = spawn(settings.program, ['-'], { stdio: ['pipe', 'inherit', 'inherit'] });
server.stdin.end(lines.join('\n') + '\n');
let stopping = false;
server.on('error', (error) => {
  console.error(`redis: ${error.message}`);
  process.exit(1);
});
server.on('exit', (code) => process.exit(stopping ? 0 : code || 1));
onEnd(() => {
  stopping = true;
  server.kill('SIGTERM');
});
