// Runs an installed redpanda as the only broker of a cluster. Internal ports are any free ones.
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { onEnd } = require('./ending.cjs');

const settings = JSON.parse(process.env.INSTANCEKIT_SERVICE);
delete process.env.INSTANCEKIT_SERVICE;
process.umask(0o077); // its data is private

const freePort = () => new Promise((resolve, reject) => {
  const probe = net.createServer().once('error', reject).listen(0, settings.address, () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

async function main() {
  fs.mkdirSync(path.join(settings.data, 'data'), { recursive: true });
  const place = (port) => ({ address: settings.address, port });
  // YAML contains JSON.
  const config = JSON.stringify({
    redpanda: {
      data_directory: path.join(settings.data, 'data'),
      empty_seed_starts_cluster: true,
      seed_servers: [],
      developer_mode: true,
      rpc_server: place(await freePort()),
      kafka_api: [place(settings.port)],
      advertised_kafka_api: [place(settings.port)],
      admin: [place(settings.adminPort ?? await freePort())],
    },
  }, null, 2);
  const file = path.join(settings.data, 'redpanda.yaml');
  fs.writeFileSync(file, config);
  const server = spawn(settings.program, ['--redpanda-cfg', file, '--smp', '1', '--memory', '512M', '--reserve-memory', '0M',
    '--overprovisioned', '--default-log-level=info'], { stdio: ['ignore', 'inherit', 'inherit'] });
  let stopping = false;
  server.on('error', fail);
  server.on('exit', (code) => process.exit(stopping ? 0 : code || 1));
  onEnd(() => {
    stopping = true;
    server.kill('SIGTERM');
  });
}

function fail(error) {
  console.error(`redpanda: ${error.message}`);
  process.exit(1);
}
main().catch(fail);
