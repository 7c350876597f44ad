// An S3 server with the stack's own credentials, and MinIO's health addresses, over the package s3rver.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { createRequire } = require('node:module');

const { onEnd } = require('./ending.cjs');
const { problemOf } = require('./s3-signature.cjs');

const settings = JSON.parse(process.env.INSTANCEKIT_SERVICE);
delete process.env.INSTANCEKIT_SERVICE;
process.umask(0o077); // its data is private
const load = createRequire(path.join(settings.package, 'package.json'));
const S3rver = load('@20minutes/s3rver');
const accounts = load('@20minutes/s3rver/lib/models/account.js');
accounts.DUMMY_ACCOUNT.revokeAccessKey('S3RVER'); // the package's public credentials must not work
accounts.DUMMY_ACCOUNT.createKeyPair(settings.accessKey, settings.secretKey);

fs.mkdirSync(settings.data, { recursive: true });
// Signatures are checked here, before the package handles a request; it would also accept unsigned requests.
const store = new S3rver({ directory: settings.data, vhostBuckets: false, silent: true, allowMismatchedSignatures: true });
store.on('error', (error) => console.error(`object-store: ${error.message}`));
const answer = store.callback();

const server = http.createServer((request, response) => {
  if (/^\/minio\/health\/(live|ready|cluster)$/.test(request.url)) {
    response.writeHead(200).end();
    return;
  }

  const problem = request.method === 'OPTIONS' ? undefined : problemOf(request, settings.accessKey, settings.secretKey);
  if (problem === undefined) answer(request, response);
  else response.writeHead(403, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${problem}</Code><Message>${problem}</Message></Error>`);
});
server.on('error', (error) => {
  console.error(`object-store: ${error.message}`);
  process.exit(1);
});
server.listen(settings.port, settings.address, () => console.log(`object-store: serving ${settings.data} on ${settings.address}:${settings.port}`));
onEnd(() => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
