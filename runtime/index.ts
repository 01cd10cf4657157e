export { type Config, ConfigError } from './config.ts';
export { type Running, serve, startIsola } from './main.ts';
