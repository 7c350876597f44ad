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

// Says which folder is in the way, where the server itself would only say "permission denied".
exports.requireReachable = (identity, paths) => {
  if (identity.uid === undefined) return;
  for (const whole of paths) {
    for (let folder = path.dirname(whole); folder !== path.dirname(folder); folder = path.dirname(folder)) {
      let state;
      try {
        state = fs.statSync(folder);
      } catch {
        continue; // not made yet
      }
      const bit = state.uid === identity.uid ? 0o100 : state.gid === identity.gid ? 0o010 : 0o001;
      if (!(state.mode & bit))
        throw new Error(`PostgreSQL does not run as root; its account '${identity.name}' may not enter ${folder}, where ${whole} is. `
          + `Work as another user, keep the workspace elsewhere, or let others pass: chmod o+x ${folder}`);
    }
  }
};
