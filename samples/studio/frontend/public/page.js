const REFRESH_MS = 3000;
const PATIENCE_MS = 2500;
const NAMES = { backend: 'Backend', postgres: 'PostgreSQL', redis: 'Redis', kafka: 'Kafka broker' };

const config = JSON.parse(document.getElementById('config').textContent);
const at = (id) => document.getElementById(id);
const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** Makes an element; text is never read as HTML. */
function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** Changes the page only where something changed, so that screen readers are not made to repeat it. */
function show(id, key, content) {
  const place = at(id);
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.replaceChildren(...content);
}

function warn(message) {
  const alert = at('alert');
  if (alert.textContent === message) return;
  alert.textContent = message;
  alert.hidden = !message;
}

async function ask(path, options) {
  const response = await fetch(config.apiUrl + path, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS), ...options });
  return { ok: response.ok, status: response.status, value: await response.json() };
}

const toneOf = (check) => (check.skipped ? 'quiet' : check.ok ? 'good' : 'bad');

function showHealth({ checks }) {
  const key = Object.entries(checks).map(([id, check]) => `${id} ${check.skipped} ${check.ok} ${check.error}`).join();
  show('health', key, Object.entries(checks).map(([id, check]) => element('li', '',
    element('span', toneOf(check), check.skipped ? '–' : check.ok ? '✓' : '✗'),
    element('span', '', NAMES[id] ?? id),
    element('span', toneOf(check), check.skipped ? 'is skipped here' : check.ok ? 'answers' : 'is down'),
    ...(check.error ? [element('span', 'why', check.error)] : []))));
}

function showIdentity(who) {
  const rows = [
    ['Instance', who.instance ?? 'not set'],
    ['Infrastructure', who.infra ?? 'unknown'],
    ['Backend', `process ${who.pid}, port ${who.port}`],
    ['Database', who.database.url.replace(/^\w+:\/\//, '')],
    ['PostgreSQL cluster', who.database.systemIdentifier ?? 'unknown'],
    ['Redis run', who.redis.runId ?? 'unknown'],
    ['Kafka cluster', who.kafka.clusterId ?? (who.kafka.skipped ? 'skipped' : 'unknown')],
    ['Broker addresses', who.kafka.brokers?.join(', ') || (who.kafka.skipped ? 'skipped' : 'unknown')],
    ['Temporal namespace', who.temporal.namespace],
    ['Temporal queue', who.temporal.taskQueue],
  ].map(([term, value]) => [term, String(value)]);
  show('identity', JSON.stringify(rows), rows.map(([term, value]) =>
    element('div', '', element('dt', '', term), element('dd', '', value))));
}

function showNotes({ notes, written }) {
  at('notes-summary').textContent = notes.length
    ? `${notes.length} shown, newest first; the Redis counter says ${written}.`
    : `None yet; the Redis counter says ${written}.`;
  show('notes', JSON.stringify(notes), notes.map((note) => element('li', '',
    element('p', '', note.text),
    element('p', 'quiet', `${time.format(new Date(note.createdAt))} by ${note.createdBy} · ` +
      (note.processedBy ? `processed by ${note.processedBy}` : 'waiting for the worker')))));
}

async function refresh() {
  if (document.hidden) return;
  try {
    const [health, who, notes] = await Promise.all([ask('/health'), ask('/whoami'), ask('/notes')]);
    showHealth(health.value);
    showIdentity(who.value);
    if (notes.ok) showNotes(notes.value);
    else at('notes-summary').textContent = `The notes cannot be read: ${notes.value.error}`;
    warn(who.value.instance === config.instance ? '' :
      `This page is of instance ${config.instance}, but the backend at ${config.apiUrl} is of instance ${who.value.instance}.`);
  } catch {
    showHealth({ checks: { backend: { ok: false } } });
    warn(`The backend at ${config.apiUrl} does not answer this page. What else is shown here may be old.`);
  }
}

let sending = false;

async function send(event) {
  event.preventDefault();
  const input = at('text');
  const button = event.target.querySelector('button');
  const status = at('form-status');
  const text = input.value.trim();
  if (!text || sending) return;
  sending = true;
  button.setAttribute('aria-disabled', 'true');
  try {
    const { ok, value } = await ask('/notes', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text }),
    });
    status.className = ok ? '' : 'bad';
    status.textContent = ok ? `Note ${value.note.id} stored.` : `Not stored: ${value.error}`;
    if (ok) input.value = '';
  } catch {
    status.className = 'bad';
    status.textContent = 'Not stored: the backend does not answer.';
  } finally {
    sending = false;
    button.removeAttribute('aria-disabled');
  }
  await refresh();
}

document.title = `Instance ${config.instance} · ${config.appName}`;
document.documentElement.style.setProperty('--hue', String((260 + config.instance * 67) % 360));
at('app-name').textContent = config.appName;
at('instance').textContent = `instance ${config.instance}`;
at('api').textContent = config.apiUrl;
at('api').href = `${config.apiUrl}/whoami`;
at('form').addEventListener('submit', send);
document.addEventListener('visibilitychange', refresh);
await refresh();
setInterval(refresh, REFRESH_MS);
