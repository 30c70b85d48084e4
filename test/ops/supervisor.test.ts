import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Response } from '../../src/core/command.js';
import { outcome, parseGroupChanges, parseProcesses, restartsIn, rpc } from '../../src/ops/supervisor.js';
import { parseAnswer, xmlCall } from '../../src/ops/xml-rpc.js';

const answer = (value: string): Response => ({
  status: 200,
  headers: {},
  body: `<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value>${value}</value>\n</param>\n</params>\n</methodResponse>\n`,
});
const fault = (code: number, text: string): Response => ({
  status: 200,
  headers: {},
  body: `<?xml version='1.0'?>\n<methodResponse>\n<fault>\n<value><struct>\n<member>\n<name>faultCode</name>\n<value><int>${code}</int></value>\n</member>\n<member>\n<name>faultString</name>\n<value><string>${text}</string></value>\n</member>\n</struct></value>\n</fault>\n</methodResponse>\n`,
});
const list = (...items: string[]): string =>
  `<array><data>\n${items.map((item) => `<value>${item}</value>\n`).join('')}</data></array>`;
const text = (word: string): string => `<string>${word}</string>`;

test('a call is data, with its text escaped', () => {
  const request = rpc.addGroup('/run/s.sock', 'a<b>&"c');
  assert.deepEqual(request.to, { socket: '/run/s.sock' });
  assert.equal(request.method, 'POST');
  assert.match(request.body ?? '', /<string>a&lt;b&gt;&amp;"c<\/string>/);
  assert.match(rpc.stopGroup('/s', 'g', 30).body ?? '', /<string>g<\/string>.*<boolean>1<\/boolean>/);
  assert.equal(
    xmlCall('m', ['a\u0000\u0007b', 3]).includes('<string>ab</string></value></param><param><value><int>3</int>'),
    true,
  );
});

test('changes found by a reload', () => {
  const body = list(list(list(text('a'), text('b')), list(), list(text('c'))));
  assert.deepEqual(parseGroupChanges(answer(body)), { added: ['a', 'b'], changed: [], removed: ['c'] });
  assert.throws(() => parseGroupChanges(answer('<int>1</int>')), { code: 'RPC_MALFORMED' });
});

test('faults are told apart by name', () => {
  assert.deepEqual(outcome(fault(90, 'ALREADY_ADDED: a'), 'ALREADY_ADDED'), { fault: 'ALREADY_ADDED' });
  assert.throws(() => outcome(fault(10, 'BAD_NAME: a &lt;b&gt;'), 'ALREADY_ADDED'), /refused: BAD_NAME: a <b>/);
  assert.throws(() => outcome({ status: 500, headers: {}, body: '' }), { code: 'SUPERVISOR_REFUSED' });
  assert.deepEqual(outcome(answer('<boolean>1</boolean>')), { value: true });
});

function info(fields: Record<string, string | number>): string {
  const members = Object.entries(fields).map(
    ([name, value]) =>
      `<member>\n<name>${name}</name>\n<value>${typeof value === 'number' ? `<int>${value}</int>` : text(value)}</value>\n</member>\n`,
  );
  return `<struct>\n${members.join('')}</struct>`;
}

test('process states', () => {
  const base = {
    group: 'release-1',
    name: 'release-1.web',
    pid: 7,
    start: 1700000000,
    spawnerr: '',
    exitstatus: 0,
    stdout_logfile: '/l',
  };
  const states = [
    [20, 0, 'running'],
    [10, 0, 'starting'],
    [30, 1, 'backoff'],
    [40, 0, 'stopping'],
    [0, 0, 'stopped'],
    [100, 0, 'stopped'],
    [100, 3, 'failed'],
    [200, 0, 'failed'],
    [1000, 0, 'failed'],
  ] as const;
  const response = answer(list(...states.map(([state, exitstatus]) => info({ ...base, state, exitstatus }))));
  assert.deepEqual(
    parseProcesses(response).map((process) => process.state),
    states.map(([, , name]) => name),
  );
  assert.deepEqual(parseProcesses(answer(list(info({ ...base, pid: 0, state: 30, spawnerr: 'can&apos;t &#38; won&#x27;t' })))), [
    {
      group: 'release-1',
      name: 'web',
      state: 'backoff',
      pid: null,
      since: null,
      problem: "can't & won't",
      exitStatus: 0,
      logFile: '/l',
    },
  ]);
});

test('what is no XML-RPC is refused', () => {
  for (const body of [
    '',
    'hello',
    '<methodResponse>',
    '<html></html>',
    answer('<int></int>').body,
    answer('<int>x</int>').body,
    answer('<string>&nbsp;</string>').body,
    answer('<string>a').body,
  ]) {
    assert.throws(() => parseAnswer(body), { code: 'RPC_MALFORMED' }, body);
  }
});

test('restarts are starts after the first', () => {
  const log = [
    "2026-11-21 05:00:00,001 INFO spawned: 'release-1.web' with pid 10",
    '2026-11-21 05:00:01,001 INFO success: release-1.web entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)',
    "2026-11-21 05:00:05,001 INFO spawned: 'release-1.web' with pid 11",
    "2026-11-21 05:00:05,001 INFO spawned: 'release-1.worker' with pid 12",
  ].join('\n');
  assert.deepEqual(
    [...restartsIn(log)],
    [
      ['release-1.web', 1],
      ['release-1.worker', 0],
    ],
  );
});
