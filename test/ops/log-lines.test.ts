import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logReader, mergeByTime } from '../../src/ops/log-lines.js';
import { momentIn } from '../../src/ops/log-time.js';

const SINCE = '2026-01-01T00:00:00.000Z';

/** Real lines: what wrote them, the line, the time in UTC (null: none of its own), the level, the message. Zone: Europe/Copenhagen. */
const LINES: readonly (readonly [string, string, string | null, string, string])[] = [
  [
    'gunicorn',
    '[2026-11-21 05:00:01 +0000] [4711] [INFO] Booting worker with pid: 4711',
    '2026-11-21T05:00:01.000Z',
    'info',
    'Booting worker with pid: 4711',
  ],
  [
    'gunicorn elsewhere',
    '[2026-11-21 05:00:01 +0100] [1] [CRITICAL] WORKER TIMEOUT (pid:3)',
    '2026-11-21T04:00:01.000Z',
    'critical',
    'WORKER TIMEOUT (pid:3)',
  ],
  ['hypercorn', '[2026-11-21 05:00:01 +0000] [12] [WARNING] x', '2026-11-21T05:00:01.000Z', 'warning', 'x'],
  [
    'celery',
    '[2026-11-21 05:00:01,250: ERROR/ForkPoolWorker-2] Task shop.pay[3f] raised',
    '2026-11-21T04:00:01.250Z',
    'error',
    'Task shop.pay[3f] raised',
  ],
  ['celery in summer', '[2026-07-21 05:00:01,250: WARNING/MainProcess] x', '2026-07-21T03:00:01.250Z', 'warning', 'x'],
  [
    'postgres',
    '2026-11-21 05:00:01.123 UTC [77] LOG:  database system is ready to accept connections',
    '2026-11-21T05:00:01.123Z',
    'info',
    'database system is ready to accept connections',
  ],
  [
    'postgres session',
    '2026-11-21 05:00:01.123 UTC [77] app@shop FATAL:  password authentication failed for user "app"',
    '2026-11-21T05:00:01.123Z',
    'critical',
    'password authentication failed for user "app"',
  ],
  [
    'postgres detail',
    '2026-11-21 05:00:01.123 UTC [77] app@shop STATEMENT:  SELECT 1',
    '2026-11-21T05:00:01.123Z',
    'info',
    'STATEMENT: SELECT 1',
  ],
  [
    'redis',
    '9:M 21 Nov 2026 05:00:01.123 * Ready to accept connections',
    '2026-11-21T05:00:01.123Z',
    'info',
    'Ready to accept connections',
  ],
  ['redis warning', '9:C 01 Feb 2026 05:00:01.123 # Warning', '2026-02-01T05:00:01.123Z', 'warning', 'Warning'],
  [
    'nginx error',
    '2026/11/21 05:00:01 [crit] 7#7: *1 connect() failed',
    '2026-11-21T04:00:01.000Z',
    'critical',
    '*1 connect() failed',
  ],
  ['mariadb', '2026-11-21  5:00:01 0 [Warning] slow', '2026-11-21T04:00:01.000Z', 'warning', 'slow'],
  [
    'mysql',
    '2026-11-21T05:00:01.123456Z 0 [System] [MY-010931] [Server] ready',
    '2026-11-21T05:00:01.123Z',
    'info',
    '[MY-010931] [Server] ready',
  ],
  [
    'uwsgi',
    '2026-11-21T05:00:01+0000 - *** Starting uWSGI 2.0.30 ***',
    '2026-11-21T05:00:01.000Z',
    'info',
    '*** Starting uWSGI 2.0.30 ***',
  ],
  [
    'supervisord',
    "2026-11-21 05:00:01,123 INFO spawned: 'a.web' with pid 8",
    '2026-11-21T04:00:01.123Z',
    'info',
    "spawned: 'a.web' with pid 8",
  ],
  [
    'asctime first',
    '2026-11-21 05:00:01,123 [WARNING] shop.views: odd',
    '2026-11-21T04:00:01.123Z',
    'warning',
    'shop.views: odd',
  ],
  ['level first', 'ERROR 2026-11-21 05:00:01,123 views 12 34 odd', '2026-11-21T04:00:01.123Z', 'error', 'views 12 34 odd'],
  ['a time and text', '2026-11-21 05:00:01 something', '2026-11-21T04:00:01.000Z', 'info', 'something'],
  [
    'django.server',
    '[21/Nov/2026 05:00:01] "GET / HTTP/1.1" 200 5',
    '2026-11-21T04:00:01.000Z',
    'info',
    '"GET / HTTP/1.1" 200 5',
  ],
  ['uvicorn', 'INFO:     Started server process [1]', null, 'info', 'Started server process [1]'],
  ['granian', '[WARNING] Worker-1 exited', null, 'warning', 'Worker-1 exited'],
  ['colours', '\u001b[32mERROR\u001b[0m: broken', null, 'error', 'broken'],
  [
    'slipway',
    '{"time":"2026-11-21T05:00:01.123Z","level":"warning","logger":"django","message":"hm","request_id":"ab"}',
    '2026-11-21T05:00:01.123Z',
    'warning',
    'hm',
  ],
  [
    'somebody else',
    '{"timestamp": "2026-11-21 05:00:01,5", "severity": "ERROR", "event": "paid"}',
    '2026-11-21T04:00:01.500Z',
    'error',
    'paid',
  ],
  [
    'nginx access',
    '{"time":"2026-11-21T05:00:01+00:00","epoch":1795237201.456,"method":"GET","path":"/a","status":502,"seconds":0.1}',
    '2026-11-21T05:00:01.456Z',
    'error',
    'GET /a 502',
  ],
  ['not quite JSON', '{"time": oops}', null, 'info', '{"time": oops}'],
  ['JSON that is no log line', '{"a": 1}', null, 'info', '{"a": 1}'],
  ['anything', 'Hello', null, 'info', 'Hello'],
  ['no such day', '2026-99-99 05:00:01 x', null, 'info', 'x'],
  ['nothing', '', null, 'info', ''],
];

for (const [name, line, time, level, message] of LINES) {
  test(`a line of ${name}`, () => {
    const entry = logReader({ zone: 'Europe/Copenhagen', since: SINCE })(line);
    assert.deepEqual([entry.time, entry.level, entry.message], [time ?? SINCE, level, message]);
  });
}

test('what a line says beside its message is kept', () => {
  const read = logReader({ since: SINCE });
  assert.deepEqual(read('{"time":"2026-11-21T05:00:01Z","level":"info","message":"m","status":404,"request_id":"r"}').fields, {
    status: 404,
    request_id: 'r',
  });
  assert.deepEqual(read('[2026-11-21 05:00:01 +0000] [4711] [INFO] x').fields, { pid: 4711 });
});

test('lines without a time have that of the line before, and a trace-back is an error as a whole', () => {
  const read = logReader({ since: SINCE });
  const lines = [
    'booting',
    '[2026-11-21 05:00:01 +0000] [1] [INFO] up',
    'Traceback (most recent call last):',
    '  File "x.py", line 1, in <module>',
    '    boom()',
    'ValueError: boom',
    'printed',
    '[2026-11-21 05:00:02 +0000] [1] [INFO] on',
  ].map(read);
  assert.deepEqual(
    lines.map(({ level }) => level),
    ['info', 'info', 'error', 'error', 'error', 'error', 'info', 'info'],
  );
  assert.deepEqual(
    lines.map(({ time }) => time.slice(17, 19)),
    ['00', '01', '01', '01', '01', '01', '01', '02'],
  );
});

test('merging goes by time and keeps each log in its own order', () => {
  const at = (time: string, message: string) => ({ time, message });
  const merged = mergeByTime([[at('1', 'a'), at('4', 'b'), at('3', 'c')], [at('2', 'd'), at('4', 'e')], []]);
  assert.deepEqual(merged.map(({ message }) => message).join(''), 'adbce');
});

test('zones, with and without summer time', () => {
  const table = [
    ['2026-03-29T01:59:59', 'Europe/Copenhagen', '2026-03-29T00:59:59.000Z'],
    ['2026-03-29T03:00:00', 'Europe/Copenhagen', '2026-03-29T01:00:00.000Z'],
    ['2026-11-21T05:00:00', 'America/New_York', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T05:00:00', 'Asia/Kathmandu', '2026-11-20T23:15:00.000Z'],
    ['2026-11-21T05:00:00', 'UTC', '2026-11-21T05:00:00.000Z'],
    ['2026-11-21T05:00:00', 'No/Such_Zone', '2026-11-21T05:00:00.000Z'],
    ['2026-11-21T05:00:00+05:30', 'America/New_York', '2026-11-20T23:30:00.000Z'],
  ] as const;
  for (const [written, zone, utc] of table) assert.equal(momentIn(written, zone), utc, `${written} ${zone}`);
  assert.equal(momentIn('nonsense', 'UTC'), undefined);
});
