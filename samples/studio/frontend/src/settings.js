import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BASE_PORT = 5173;
const PORTS_APART = 100;

const envFile = fileURLToPath(new URL('../.env', import.meta.url));
if (existsSync(envFile)) process.loadEnvFile(envFile); // never overrides what the environment holds

/**
 * @param {string} name
 * @param {string} text
 * @param {number} least
 * @param {number} most
 */
function integer(name, text, least, most) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} is '${text}'; it must be a whole number from ${least} to ${most}`);
}

/**
 * Reads the page's settings from the environment and, for what that lacks, from `.env` beside the
 * package. The fallbacks are those of the single-instance days.
 *
 * @throws {Error} naming the variable that is malformed
 */
export function readSettings() {
  const instance = integer('SHIPSEC_INSTANCE', process.env.SHIPSEC_INSTANCE || '0', 0, 600);
  const [name, port] = process.env.PORT ? ['PORT', process.env.PORT] : ['VITE_PORT', process.env.VITE_PORT];
  const apiUrl = process.env.VITE_API_URL || 'http://localhost:3211';
  if (!URL.canParse(apiUrl)) throw new Error(`VITE_API_URL is '${apiUrl}'; it must be a URL like http://localhost:3211`);
  return {
    instance,
    port: integer(name, port || String(BASE_PORT + instance * PORTS_APART), 1, 65535),
    apiUrl: apiUrl.replace(/\/+$/, ''),
    appName: process.env.VITE_APP_NAME || 'Studio sample',
  };
}

/** @typedef {ReturnType<typeof readSettings>} Settings */
