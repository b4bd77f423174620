import type { Lasting } from './index.ts'

const BOOT = /^\/etc\/(?:rc\.local|rc\.d\/rc\.local|rc\d?\.d\/|init\.d\/|inittab|local\.d\/)/u
const PAM =
  /^\/etc\/pam\.(?:d\/|conf)|\/(?:x86_64-linux-gnu\/|aarch64-linux-gnu\/)?security\/pam_[\w-]{1,32}\.so$/u
const PROFILE =
  /^\/etc\/(?:profile(?:\.d\/|$)|bash\.bashrc$|bashrc$|zsh\/|environment$|update-motd\.d\/)|^(?:\/root|\/home\/[^/]{1,64}|~)\/\.(?:bashrc|bash_profile|bash_login|profile|zshrc|zprofile|bash_logout)$/u
const PROCESS = /^\/proc\/(?:\d{1,7}|\$\{?\w{1,16}\}?)(?:\/|$)/u

/** What a file that was written, or a place that was mounted over, is to somebody who wants to stay; null = nothing. */
export function placeOf(path: string, isMount: boolean): Lasting | null {
  if (isMount) {
    if (!PROCESS.test(path)) return null
    return {
      what: 'process-hidden',
      title: `A process was hidden by a mount over ${path}`,
      path,
      attack: 'T1564.013',
      weight: 'intruder',
    }
  }
  if (BOOT.test(path))
    return {
      what: 'boot-script',
      title: `A script that runs at boot was written: ${path}`,
      path,
      attack: 'T1037.004',
      weight: 'context',
    }
  if (PAM.test(path))
    return {
      what: 'pam',
      title: `What checks logins was changed: ${path}`,
      path,
      attack: 'T1556.003',
      weight: 'context',
    }
  if (PROFILE.test(path))
    return {
      what: 'profile',
      title: `What every shell reads was changed: ${path}`,
      path,
      attack: 'T1546.004',
      weight: 'context',
    }
  return null
}
