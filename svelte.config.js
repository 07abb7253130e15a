/** Read by the build, by svelte-check and by the editor. */
export default { compilerOptions: { runes: true } };
