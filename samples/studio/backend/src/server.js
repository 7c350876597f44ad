import { createServer } from 'node:http';
import { reason } from './deadline.js';

const LARGEST_BODY = 64 * 1024;

/**
 * An HTTP server for JSON answers. Pages of other origins than the given ones are not let in.
 *
 * @param {Record<string, (body: string) => Promise<{ status: number, value: unknown }>>} routes
 * @param {string[]} corsOrigins
 */
export function jsonServer(routes, corsOrigins) {
  const paths = new Set(Object.keys(routes).map((route) => route.split(' ')[1]));

  return createServer(async (request, response) => {
    const origin = request.headers.origin;
    response.setHeader('Vary', 'Origin');
    if (origin && corsOrigins.includes(origin)) response.setHeader('Access-Control-Allow-Origin', origin);

    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method === 'OPTIONS' && paths.has(path)) {
      response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
      response.setHeader('Access-Control-Allow-Headers', 'Content-Type');
      response.writeHead(204).end();
      return;
    }

    const { status, value } = await answer(request, path);
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(`${JSON.stringify(value)}\n`);
  });

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {string} path
   */
  async function answer(request, path) {
    const route = routes[`${request.method} ${path}`];
    if (!route) {
      return paths.has(path)
        ? { status: 405, value: { error: `${request.method} is not possible on ${path}` } }
        : { status: 404, value: { error: `nothing is at ${path}; try ${[...paths].join(', ')}` } };
    }
    try {
      return await route(await read(request));
    } catch (/** @type {any} */ error) {
      if (!error.status) console.warn(`${request.method} ${path}: ${reason(error)}`);
      return { status: error.status ?? 503, value: { error: reason(error) } };
    }
  }
}

/** @param {import('node:http').IncomingMessage} request */
async function read(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size <= LARGEST_BODY) parts.push(part);
  }
  if (size > LARGEST_BODY) throw Object.assign(new Error(`the body has ${size} bytes; at most ${LARGEST_BODY} are read`), { status: 413 });
  return Buffer.concat(parts).toString('utf8');
}
