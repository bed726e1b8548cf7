import manifest from '../../package.json' with { type: 'json' };

/** The release of this code. */
export const RELEASE: string = manifest.version;
