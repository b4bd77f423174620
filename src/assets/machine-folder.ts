/**
 * Where a machine keeps its logs and homes, at the end of a path. A user's own folder counts only with hidden folders
 * below it: whoever reads evidence has a home as well.
 */
const PLACE_OF_SYSTEM =
  /(?:^|\/)(?:var\/log(?:\/(?:audit|journal|nginx|apache2|httpd|sysstat|sa))?|etc|root|(?:home|Users|export\/home)\/[^/]+)(?:\/\.[^/]+(?:\/[^/]+)*)?$/u

/** The folder or archive that stands for a machine, of one that holds files of it: `web-1/var/log` → `web-1`. */
export function machineFolder(group: string): string {
  return group.replace(PLACE_OF_SYSTEM, '')
}
