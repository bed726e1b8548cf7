import { type Bulkhead } from './core.js';
export type * from './core.js';
export { EngineError, UserError } from './core.js';
/**
 * Loads the policies and profiles that are in the package.
 *
 * @throws UserError NOT_BUILT if they are not beside this code.
 */
export declare function createBulkhead(): Promise<Bulkhead>;
