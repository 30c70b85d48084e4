"""launch.py as a supervisor starts it: isolated, without site, alone."""
import json
import os
import pwd
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON, ProjectCase

LAUNCH = os.path.join(PYTHON, 'slipway_runtime', 'launch.py')
SHOW = 'import os, sys, json, resource; u = os.umask(0); print(json.dumps(dict(argv=sys.argv[1:], env=dict(os.environ), cwd=os.getcwd(), umask=u,'
SHOW += 'pid=os.getpid(), uid=os.getuid(), groups=os.getgroups(), files=resource.getrlimit(resource.RLIMIT_NOFILE), data=resource.getrlimit(resource.RLIMIT_DATA))))'


class Launch(ProjectCase):
    def launch(self, definition):
        return self.launch_file(self.write('process.json', definition if isinstance(definition, str) else json.dumps(definition)))

    def launch_file(self, *paths):
        return subprocess.run(
            [sys.executable, '-I', '-S', LAUNCH] + list(paths),
            env={'LEAKED': 'from the parent'},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=30,
        )

    def shown(self, **definition):
        definition = dict({'argv': [sys.executable, '-I', '-c', SHOW], 'cwd': self.root, 'env': {}}, **definition)
        done = self.launch(definition)
        self.assertEqual(done.returncode, 0, done.stderr)
        # Python 3.6 in the C locale sees bytes where later ones see text.
        text = done.stdout.decode().replace('\\udcc3\\udcbc', 'ü').replace('\\udcc3\\udcb6', 'ö')
        return json.loads(text)

    def test_argv_environment_and_directory_are_exactly_those_given(self):
        odd = ['a b', '$HOME', "'\"", 'ü\n', '']
        shown = self.shown(argv=[sys.executable, '-I', '-c', SHOW] + odd, env={'A': 'ö $x\n', 'B': '', 'PATH': '/bin', 'N': 3})
        self.assertEqual(shown['argv'], odd)
        self.assertEqual(shown['env'].pop('SLIPWAY_MAIN_PROCESS'), str(shown['pid']))
        self.assertEqual({k: v for k, v in shown['env'].items() if k != 'LC_CTYPE'}, {'A': 'ö $x\n', 'B': '', 'PATH': '/bin', 'N': '3'})
        self.assertEqual(shown['cwd'], self.root)

    def test_limits(self):
        shown = self.shown(umask=0o027, descriptors=200, memory=512 * 1024 * 1024)
        self.assertEqual(shown['umask'], 0o027)
        self.assertEqual(shown['files'], [200, 200])
        self.assertEqual(shown['data'], [512 * 1024 * 1024] * 2)

    def test_a_program_is_found_on_the_path_of_the_definition(self):
        os.symlink(shutil.which('true'), os.path.join(self.root, 'mine'))
        self.assertEqual(self.launch({'argv': ['mine'], 'cwd': '/', 'env': {'PATH': '/nowhere:' + self.root}}).returncode, 0)
        done = self.launch({'argv': ['mine'], 'cwd': '/', 'env': {'PATH': '/nowhere'}})
        self.assertEqual((done.returncode, done.stderr), (78, b'slipway: mine is not on the PATH\n'))

    @unittest.skipUnless(os.geteuid() == 0, 'needs root')
    def test_root_becomes_the_user(self):
        nobody = pwd.getpwnam('nobody')
        code = 'import os, json; print(json.dumps([os.getuid(), os.geteuid(), os.getgid(), os.getgroups(), os.environ["HOME"], os.environ["USER"]]))'
        python = next((path for path in ('/usr/bin/python3', sys.executable) if os.path.exists(path)))
        done = self.launch({'argv': [python, '-I', '-c', code], 'cwd': '/', 'env': {}, 'user': 'nobody'})
        self.assertEqual(done.returncode, 0, done.stderr)
        expected = [nobody.pw_uid, nobody.pw_uid, nobody.pw_gid, [nobody.pw_gid], nobody.pw_dir, 'nobody']
        self.assertEqual(json.loads(done.stdout.decode()), expected)

    def test_what_is_wrong_is_one_line_and_78(self):
        good = {'argv': ['true'], 'cwd': '/', 'env': {}}
        table = [
            ('{', 'is not JSON'),
            ('[]', 'argv must be a list'),
            (dict(good, argv=[]), 'argv must be a list'),
            (dict(good, cwd=None), 'cwd must be a string'),
            (dict(good, cwd='/nonexistent/é'), 'cannot enter /nonexistent/é: No such file or directory'),
            (dict(good, argv=['/nonexistent']), 'cannot run /nonexistent: No such file or directory'),
            (dict(good, argv=['/etc/passwd']), 'cannot run /etc/passwd: Permission denied'),
            (dict(good, env={'A=B': 'x'}), "'A=B' is no name"),
            (dict(good, env={'KEY': 'sec\0ret'}), 'the environment variable KEY holds a NUL'),
            (dict(good, env={'KEY': {'secret': 'x'}}), 'the environment variable KEY must be a string'),
            (dict(good, user='no-such-user'), 'there is no user no-such-user'),
            (dict(good, umask='027'), 'umask must be a whole number'),
        ]
        for definition, expected in table:
            done = self.launch(definition)
            error = done.stderr.decode('utf-8')
            self.assertEqual(done.returncode, 78, (definition, error))
            self.assertIn(expected, error)
            self.assertEqual(error.count('\n'), 1, error)
            self.assertNotIn('sec', error.replace('seconds', ''))
        self.assertIn(b'cannot read', self.launch_file('/nonexistent.json').stderr)
        self.assertIn(b'usage', self.launch_file().stderr)


if __name__ == '__main__':
    unittest.main()
