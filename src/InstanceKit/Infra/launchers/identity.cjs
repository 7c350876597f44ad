// The account that a server runs under when root starts it, and where its files must be for that account.
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const ask = (args) => {
  const result = spawnSync('id', args, { encoding: 'utf8' });
  return result.status === 0 ? Number(result.stdout) : undefined;
};

// PostgreSQL refuses to run as root and looks up its user by ID, so the account must exist.
exports.identityFor = (names) => {
  if (process.getuid?.() !== 0) return {};
  for (const name of names) {
    const uid = ask(['-u', name]);
    if (uid) return { uid, gid: ask(['-g', name]), name };
  }
  throw new Error(`PostgreSQL does not run as root, and none of these accounts exist on this machine: ${names.join(', ')}`);
};

// The directory above a path that the account can't enter; undefined if there is none.
const closedAbove = (identity, whole) => {
  if (identity.uid === undefined) return undefined;
  for (let folder = path.dirname(whole); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const state = fs.statSync(folder, { throwIfNoEntry: false });
    if (!state) continue; // not created yet
    const bit = state.uid === identity.uid ? 0o100 : state.gid === identity.gid ? 0o010 : 0o001;
    if (!(state.mode & bit)) return folder;
  }
};
exports.closedAbove = closedAbove;

const run = (program, ...args) => {
  const result = spawnSync(program, args, { encoding: 'utf8' });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${result.status}: ${result.stderr.trim()}`);
};
const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : undefined);

// A directory that only root can write to, and that the account can enter.
const isSafe = (identity, folder) => {
  const state = fs.lstatSync(folder, { throwIfNoEntry: false });
  return state !== undefined && state.isDirectory() && state.uid === 0 && !(state.mode & 0o022) && (state.mode & 0o001)
    && !closedAbove(identity, folder);
};

function makeFolder(identity, roots, data) {
  const name = `${path.basename(path.dirname(path.dirname(data)))}-${crypto.createHash('sha256').update(data).digest('hex').slice(0, 16)}`;
  const reasons = [];
  for (const root of roots) {
    const folder = path.join(root, name);
    try {
      for (const made of [root, folder]) {
        if (!fs.existsSync(made)) fs.mkdirSync(made, { mode: 0o755 });
        if (fs.lstatSync(made).uid === 0 && !(fs.statSync(made).mode & 0o001)) fs.chmodSync(made, 0o711);
      }
      if (isSafe(identity, root) && isSafe(identity, folder)) return folder;
      reasons.push(`${root} is not a folder of root's that the account may enter`);
    } catch (error) {
      reasons.push(error.message);
    }
  }
  throw new Error(`PostgreSQL does not run as root; its account '${identity.name}' may not enter ${closedAbove(identity, data)}, where ${data} is, `
    + `and there is no other place for its data (${reasons.join('; ')}). Work as another user, or keep the workspace where others may enter`);
}

// The directory recorded by an earlier start. A moved workspace keeps it; a copy of a workspace must not share it.
function recordedFolder(record, data) {
  const folder = read(record);
  const owner = folder && read(path.join(folder, 'owner'));
  if (!owner) return undefined;
  if (owner === data) return folder;
  if (fs.existsSync(owner)) return undefined;
  fs.writeFileSync(path.join(folder, 'owner'), data);
  return folder;
}

// Programs in a directory that the account can't enter: hard links to them, or copies on another file system.
function providePrograms(folder, programs) {
  const tree = path.dirname(programs);
  const target = path.join(folder, 'programs');
  const stamp = `${tree} ${fs.statSync(programs).mtimeMs}`;
  if (read(path.join(folder, 'programs-of')) !== stamp) {
    fs.rmSync(target, { recursive: true, force: true });
    try {
      run('cp', '-al', tree, target);
    } catch {
      fs.rmSync(target, { recursive: true, force: true });
      run('cp', '-a', tree, target);
    }
    run('chmod', '-R', 'go+rX', target);
    fs.writeFileSync(path.join(folder, 'programs-of'), stamp);
  }
  return path.join(target, path.basename(programs));
}

/**
 * Where the data and the programs are: as in the settings where the account may enter, else in a folder of this service's
 * under one of `settings.roots`. That folder is root's; of what is in it only `data` is the account's.
 */
exports.placeFor = (identity, settings, say) => {
  const { data } = settings;
  const record = path.join(data, 'elsewhere');
  fs.mkdirSync(data, { recursive: true });
  const isClosed = closedAbove(identity, data) !== undefined;
  const arePrograms = closedAbove(identity, path.join(settings.programs, 'postgres')) !== undefined;
  const known = identity.uid === undefined ? undefined : recordedFolder(record, data);
  if (!isClosed && !arePrograms && !known) {
    if (identity.uid !== undefined) fs.chownSync(data, identity.uid, identity.gid);
    return { data, mark: path.join(data, 'initialised.json'), programs: settings.programs };
  }
  if (arePrograms && !settings.package)
    throw new Error(`PostgreSQL does not run as root; its account '${identity.name}' may not enter ${closedAbove(identity, path.join(settings.programs, 'postgres'))}, `
      + `where ${settings.programs} is. Install PostgreSQL where others may enter`);
  const folder = known ?? makeFolder(identity, settings.roots, data);
  const place = { data: path.join(folder, 'data'), mark: path.join(folder, 'initialised.json'), programs: settings.programs };
  fs.writeFileSync(path.join(folder, 'owner'), data);
  if (read(record) !== folder) fs.writeFileSync(record, folder);
  if (arePrograms) place.programs = providePrograms(folder, settings.programs);
  if (!fs.existsSync(place.data)) fs.mkdirSync(place.data, { mode: 0o700 });
  fs.chownSync(place.data, identity.uid, identity.gid);
  place.adopt = () => adopt(data, place, say);
  return place;
};

// Data that an earlier version stored in the workspace. If the move is interrupted, the next start completes it.
function adopt(data, place, say) {
  const [oldMark, oldCluster, cluster] = [path.join(data, 'initialised.json'), path.join(data, 'cluster'), path.join(place.data, 'cluster')];
  if (!fs.existsSync(oldMark)) return;
  if (!fs.existsSync(place.mark)) {
    if (fs.existsSync(oldCluster)) {
      say(`moving the data from ${oldCluster} to ${cluster}, where the server's account may enter`);
      fs.rmSync(cluster, { recursive: true, force: true });
      try {
        fs.renameSync(oldCluster, cluster);
      } catch (error) {
        if (error.code !== 'EXDEV') throw error;
        const copy = `${cluster}.copy`;
        fs.rmSync(copy, { recursive: true, force: true });
        run('cp', '-a', oldCluster, copy);
        run('sync');
        fs.renameSync(copy, cluster);
      }
    }
    fs.copyFileSync(oldMark, place.mark);
  }
  fs.rmSync(oldCluster, { recursive: true, force: true });
  fs.rmSync(oldMark);
}

/** How a program is run as the account, without the rights of root and without a way back to them. */
exports.wayIn = (identity) => ({ prefix: [], options: identity.uid === undefined ? {} : { uid: identity.uid, gid: identity.gid } });
