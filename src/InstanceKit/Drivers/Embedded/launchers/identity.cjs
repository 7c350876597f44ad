// The account that a server runs under when root starts it.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const ask = (args) => {
  const result = spawnSync('id', args, { encoding: 'utf8' });
  return result.status === 0 ? Number(result.stdout) : undefined;
};

// PostgreSQL refuses root, and looks its user up by number: it must be an account that exists.
exports.identityFor = (names) => {
  if (process.getuid?.() !== 0) return {};
  for (const name of names) {
    const uid = ask(['-u', name]);
    if (uid) return { uid, gid: ask(['-g', name]), name };
  }
  throw new Error(`PostgreSQL does not run as root, and this machine has none of the accounts ${names.join(', ')}`);
};

const firstClosed = (identity, paths) => {
  for (const whole of paths) {
    for (let folder = path.dirname(whole); folder !== path.dirname(folder); folder = path.dirname(folder)) {
      let state;
      try {
        state = fs.statSync(folder);
      } catch {
        continue; // not made yet
      }
      const bit = state.uid === identity.uid ? 0o100 : state.gid === identity.gid ? 0o010 : 0o001;
      if (!(state.mode & bit)) return { folder, whole };
    }
  }
};

// With one capability the account may pass folders that are root's alone, such as /root, and is not root all the same.
// Without the bit, access(2), by which PostgreSQL finds its own programs, would not count the capability.
const passing = (identity) => ['setpriv', `--reuid=${identity.uid}`, `--regid=${identity.gid}`, '--clear-groups',
  '--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--'];

// How a program is run as the account; says which folder is in the way, where the server would only say "permission denied".
exports.wayIn = (identity, paths) => {
  const closed = identity.uid === undefined ? undefined : firstClosed(identity, paths);
  if (!closed) return { prefix: [], options: identity.uid === undefined ? {} : { uid: identity.uid, gid: identity.gid } };
  const [program, ...words] = passing(identity);
  const reaches = spawnSync(program, [...words, 'test', '-x', `${closed.folder}/.`]).status === 0;
  if (reaches) return { prefix: [program, ...words], options: {} };
  throw new Error(`PostgreSQL does not run as root; its account '${identity.name}' may not enter ${closed.folder}, where ${closed.whole} is. `
    + `Work as another user, keep the workspace elsewhere, or let others pass: chmod o+x ${closed.folder}`);
};
