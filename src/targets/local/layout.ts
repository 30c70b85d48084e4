export * from '../layout.js';
