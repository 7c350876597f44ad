import { readFile } from 'node:fs/promises';

const FILES = {
  '/': { file: 'index.html', type: 'text/html' },
  '/page.css': { file: 'page.css', type: 'text/css' },
  '/page.js': { file: 'page.js', type: 'text/javascript' },
  '/icon.svg': { file: 'icon.svg', type: 'image/svg+xml' },
};

/**
 * The page and its files, read anew at every request as a dev server does. The page is told at that
 * moment which instance it is of and where its backend listens.
 *
 * @param {import('./settings.js').Settings} settings
 */
export function pages(settings) {
  const config = { instance: settings.instance, apiUrl: settings.apiUrl, appName: settings.appName };
  const json = JSON.stringify(config).replaceAll('<', '\\u003c');

  /**
   * @param {string} path
   * @returns {Promise<{ type: string, text: string } | undefined>} undefined where there is no such page
   */
  return async function page(path) {
    if (!Object.hasOwn(FILES, path)) return undefined;
    const { file, type } = FILES[/** @type {keyof FILES} */ (path)];
    const text = await readFile(new URL(`../public/${file}`, import.meta.url), 'utf8');
    return { type, text: path === '/' ? text.replace('{"placeholder":"config"}', () => json) : text };
  };
}
