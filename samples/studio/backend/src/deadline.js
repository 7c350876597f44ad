/**
 * Waits for work that might hang. The work itself is not cancelled; what becomes of it after the
 * deadline is ignored.
 *
 * @template T
 * @param {number} ms patience in milliseconds
 * @param {string} what named in the error
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
export async function within(ms, what, work) {
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {}); // its late failure has been reported as the deadline's
  }
}

/**
 * One line for a person: a refused connection to a name with two addresses has no message of its own.
 *
 * @param {any} error
 * @returns {string}
 */
export function reason(error) {
  if (error.message) return error.message;
  const inner = error.errors?.map((/** @type {Error} */ each) => each.message).join(', ');
  return inner || error.code || String(error);
}
