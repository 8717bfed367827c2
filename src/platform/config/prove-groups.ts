import type { ConfigFile } from './config-file';

/** Ids of feeds by the name of their group, in the order of their places. */
export type Groups = Readonly<Record<string, readonly string[]>>;

/** That groups list feeds that there are, each once. `feeds` are the ids of all feeds that are written. */
export function proveGroups(file: ConfigFile, groups: Groups, feeds: ReadonlySet<string>): void {
  for (const [name, ids] of Object.entries(groups)) {
    for (const [place, id] of ids.entries()) {
      const path = ['groups', name, place];
      if (!feeds.has(id)) {
        file.fault('unknownFeed', path, { what: `${id} is no feed`, wayOut: 'name a feed of this file' });
      } else if (ids.indexOf(id) < place) {
        file.fault('duplicateFeed', path, {
          what: `${id} stands twice in the group ${name}`,
          wayOut: 'keep one of the two',
        });
      }
    }
  }
}
