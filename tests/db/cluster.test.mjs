// SPDX-License-Identifier: EUPL-1.2
// platform/db/cluster.sh: a private cluster, wherever the checkout lies and
// whoever calls.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync,
  realpathSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(
  new URL('../../platform/db/cluster.sh', import.meta.url));
const root = process.getuid() === 0;
// mktemp's mode, 0700: what postgres cannot enter when we are root.
const top = mkdtempSync(join(tmpdir(), 'stadtkern-cluster-'));
const started = new Set();

function cluster(...args) {
  return execFileSync(script, args,
    { encoding: 'utf8', timeout: 90_000, stdio: ['ignore', 'pipe', 'pipe'] })
    .trim();
}

function start(dir, ...options) {
  started.add(dir);
  return cluster('start', dir, '--test', ...options);
}

function ask(conninfo, role, sql, wrap = []) {
  const command = [...wrap, 'psql', '-X', '-tA', '-c', sql,
    `${conninfo} user=${role}`];
  return spawnSync(command[0], command.slice(1),
    { encoding: 'utf8', timeout: 30_000 });
}

function value(conninfo, role, sql) {
  const { stdout, stderr, status } = ask(conninfo, role, sql);
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

after(() => {
  for (const dir of started) cluster('remove', dir);
  rmSync(top, { recursive: true });
});

test('a cluster starts below a directory that only its owner enters, keeps '
  + 'its data over a stop, and is gone when removed', () => {
  const dir = join(top, 'private', 'pg');
  start(dir);
  const data = realpathSync(join(dir, 'data'));
  if (root) assert.ok(lstatSync(join(dir, 'data')).isSymbolicLink());
  const conninfo = cluster('database', dir, 'kept');
  assert.equal(conninfo, cluster('conninfo', dir, 'kept'));
  value(conninfo, 'stadtkern_owner', 'create table public.t as select 7 as n');

  cluster('stop', dir);
  cluster('stop', dir);
  assert.notEqual(ask(conninfo, 'stadtkern_owner', 'select').status, 0);
  const again = start(dir);
  assert.equal(again, start(dir), 'a second start finds it running');
  assert.equal(realpathSync(join(dir, 'data')), data);
  assert.equal(value(`${again} dbname=kept`, 'stadtkern_owner',
    'select n from public.t'), '7');

  const socket = realpathSync(join(dir, 'socket'));
  assert.equal(statSync(socket).mode & 0o777, 0o700);
  assert.equal(statSync(join(dir, 'conninfo')).mode & 0o777, 0o600);
  cluster('remove', dir);
  cluster('remove', dir);
  for (const path of [dir, data, socket]) assert.ok(!existsSync(path), path);
});

test('a cluster that was killed starts again', () => {
  const dir = join(top, 'killed');
  const conninfo = start(dir);
  const data = realpathSync(join(dir, 'data'));
  const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8')
    .split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  assert.equal(start(dir), conninfo);
  assert.equal(value(`${conninfo} dbname=postgres`, 'postgres', 'select 1'),
    '1');
});

test('a path that is too long for a socket is no hindrance', () => {
  const dir = join(top, 'x'.repeat(60), 'y'.repeat(60), 'pg');
  const conninfo = start(dir);
  assert.equal(value(`${conninfo} dbname=postgres`, 'postgres', 'select 1'),
    '1');
});

test('two starts at once make one cluster', async () => {
  const dir = join(top, 'twice');
  started.add(dir);
  const { stdout, status, stderr } = spawnSync('sh', ['-c',
    '"$0" start "$1" --test & "$0" start "$1" --test & wait', script, dir],
  { encoding: 'utf8', timeout: 90_000 });
  assert.equal(status, 0, stderr);
  const [one, two] = stdout.trim().split('\n');
  assert.equal(one, two, stderr);
});

test('a database is made once, with roles that cannot bypass policies, and '
  + 'can be copied as a template', () => {
  const dir = join(top, 'roles');
  start(dir);
  const first = cluster('database', dir, 'first');
  assert.equal(first, cluster('database', dir, 'first'));
  value(first, 'stadtkern_owner', 'create table public.t as select 7 as n');
  const copy = cluster('database', dir, 'copy', 'first');
  assert.equal(value(copy, 'stadtkern_owner', 'select n from public.t'), '7');
  for (const conninfo of [first, copy]) {
    assert.equal(value(conninfo, 'stadtkern_public', 'show search_path'),
      'stadtkern, public');
    assert.equal(value(conninfo, 'stadtkern_office', 'show timezone'), 'UTC');
    assert.notEqual(ask(conninfo, 'stadtkern_public',
      'create table public.u ()').status, 0);
    assert.match(value(conninfo, 'stadtkern_courier',
      'select postgis_version()'), /^3/);
  }
  assert.equal(value(first, 'postgres', "select count(*) from pg_roles where "
    + "rolname ~ '^stadtkern_' and not (rolsuper or rolbypassrls)"), '4');
  cluster('drop', dir, 'copy');
  assert.notEqual(ask(copy, 'stadtkern_owner', 'select').status, 0);
});

test('TCP is loopback with a password, and only where it was asked for',
  async () => {
    const dir = join(top, 'tcp');
    const port = await freePort();
    const conninfo = start(dir, '--tcp', String(port));
    cluster('database', dir, 'd');
    assert.equal(value(`${conninfo} dbname=d`, 'stadtkern_office',
      'select host(inet_client_addr())'), '127.0.0.1');
    const wrong = conninfo.replace(/password=\S+/, 'password=no');
    assert.match(ask(`${wrong} dbname=d`, 'stadtkern_office', 'select').stderr,
      /password authentication failed/);
    assert.throws(() => start(dir, '--tcp', String(port + 1)),
      /stop it first/);
  });

test('another user of the machine cannot connect', { skip: !root }, () => {
  const dir = join(top, 'other');
  const conninfo = start(dir);
  const { status, stderr } = ask(`${conninfo} dbname=postgres`,
    'stadtkern_owner', 'select',
    ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups']);
  assert.notEqual(status, 0);
  assert.match(stderr, /Permission denied/);
  // Nor past the directory: the kernel says who asks.
  assert.match(ask(`${conninfo} dbname=postgres`, 'nobody', 'select').stderr,
    /Peer authentication failed/);
});

test('a directory that cannot be used is named', () => {
  assert.throws(() => cluster('conninfo', join(top, 'never')),
    /never" was not started/);
  assert.throws(() => cluster('sing', join(top, 'never')), /cluster.sh start/);
  mkdirSync(join(top, 'stopped'));
  assert.equal(cluster('stop', join(top, 'stopped')), '');
});
