import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSettings } from '../../src/project/settings/run.js';
import { uploadsFolder } from '../../src/project/uploads.js';
import { sourcesOf, withTree } from './trees.js';

const HEAD = 'import os\nfrom pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n';
const S3 = 'storages.backends.s3boto3.S3Boto3Storage';

const TABLE: readonly (readonly [lesson: string, source: string, from: string | undefined])[] = [
  ['a folder', 'MEDIA_ROOT = BASE_DIR / "media"', 'shop/settings.py:4'],
  ['one that a variable names', 'MEDIA_ROOT = os.environ["MEDIA_ROOT"]', 'shop/settings.py:4'],
  ['none', 'MEDIA_URL = "/media/"', undefined],
  ['none, said openly', 'MEDIA_ROOT = ""', undefined],
  ['a bucket', `MEDIA_ROOT = "media"\nDEFAULT_FILE_STORAGE = "${S3}"`, undefined],
  ['a bucket, in the words of today', `MEDIA_ROOT = "media"\nSTORAGES = {"default": {"BACKEND": "${S3}"}}`, undefined],
  [
    'a bucket where a variable says so',
    `MEDIA_ROOT = "media"\nif os.environ.get("USE_S3"):\n    DEFAULT_FILE_STORAGE = "${S3}"`,
    'shop/settings.py:4',
  ],
  [
    'static files in a storage of their own',
    'MEDIA_ROOT = "media"\nSTORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}}',
    'shop/settings.py:4',
  ],
];

for (const [lesson, source, from] of TABLE)
  test(`where uploads are kept: ${lesson}`, () =>
    withTree({ 'shop/__init__.py': '', 'shop/settings.py': `${HEAD}${source}\n` }, async (root) => {
      const uploads = uploadsFolder(runSettings(await sourcesOf(root), 'shop.settings'));
      assert.equal(uploads?.from, from);
    }));
