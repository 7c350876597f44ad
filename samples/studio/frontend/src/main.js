import { createServer } from 'node:http';
import { pages } from './pages.js';
import { readSettings } from './settings.js';

/** @param {string} message */
function fail(message) {
  console.error(`frontend: ${message}`);
  process.exit(1);
}

function main() {
  const settings = readSettings();
  const page = pages(settings);
  const policy = `default-src 'self'; connect-src 'self' ${new URL(settings.apiUrl).origin}; frame-ancestors 'none'`;

  const server = createServer(async (request, response) => {
    /**
     * @param {number} status
     * @param {string} type
     * @param {string} text
     */
    const send = (status, type, text) => response.writeHead(status, {
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-store',
    }).end(request.method === 'HEAD' ? undefined : text);

    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, 'text/plain', 'only GET is possible here\n');
    if (path === '/whoami') {
      const { instance, apiUrl, port } = settings;
      return send(200, 'application/json', `${JSON.stringify({ instance, apiUrl, pid: process.pid, port })}\n`);
    }
    try {
      const found = await page(path);
      return found ? send(200, found.type, found.text) : send(404, 'text/plain', `nothing is at ${path}\n`);
    } catch (/** @type {any} */ error) {
      console.error(`frontend: ${path}: ${error.message}`);
      return send(500, 'text/plain', `${error.message}\n`);
    }
  });

  /** @param {string} signal */
  function stop(signal) {
    console.log(`frontend: stopping (${signal})`);
    server.close(() => process.exit(0));
    server.closeAllConnections();
  }
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => fail(error.code === 'EADDRINUSE'
    ? `port ${settings.port} is taken by another process; stop that one or set PORT`
    : error.message));
  server.listen(settings.port, '127.0.0.1', () =>
    console.log(`frontend: instance ${settings.instance} on http://127.0.0.1:${settings.port}, backend ${settings.apiUrl}`));
}

try {
  main();
} catch (error) {
  fail(/** @type {Error} */ (error).message);
}
