// What the build writes into the code (vite.config.ts and vite.cli.config.ts define these two names).
declare const __BUILD_ID__: string;
declare const __WASM_FOLDER__: string;

/** Content hash of the sources and of the built modules: the same tree gives the same id. */
export const buildId = typeof __BUILD_ID__ === 'undefined' ? 'unbuilt' : __BUILD_ID__;

/**
 * The folder of the built modules, with a slash at its end, relative to the page (`new URL(wasmFolder, document.baseURI)`).
 * Its name carries a hash of its content, so that no cache can mix two versions.
 */
export const wasmFolder = typeof __WASM_FOLDER__ === 'undefined' ? 'wasm/' : `${__WASM_FOLDER__}/`;
