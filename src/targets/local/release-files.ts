export * from '../release-files.js';
