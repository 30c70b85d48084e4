export * from '../environment.js';
