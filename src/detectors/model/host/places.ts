/** Where on a machine a path lies, as far as that says who may have put something there. */

const WORLD_WRITABLE = [
  '/tmp/',
  '/var/tmp/',
  '/dev/shm/',
  '/run/user/',
  '/var/run/user/',
  '/run/lock/',
  '/var/lock/',
  '/dev/mqueue/',
  '/run/shm/',
]
const MEMORY = ['/dev/shm/', '/run/shm/', '/dev/mqueue/', '/run/lock/', '/var/lock/']
const SYSTEM = ['/usr/', '/bin/', '/sbin/', '/lib/', '/lib64/', '/snap/', '/opt/', '/nix/store/']

/** Anybody may write there: the first stop of whatever is dropped. */
export function isWorldWritable(path: string): boolean {
  return WORLD_WRITABLE.some((place) => path.startsWith(place))
}

/** World-writable and gone after a boot, where nobody works by hand. */
export function isMemoryPlace(path: string): boolean {
  return MEMORY.some((place) => path.startsWith(place))
}

/** Where packages and administrators install programs. */
export function isSystemPlace(path: string): boolean {
  return SYSTEM.some((place) => path.startsWith(place)) && !path.startsWith('/usr/tmp/')
}

/** Dot folders that tools of developers and administrators keep programs in. */
const KNOWN_DOT_NAMES: ReadonlySet<string> = new Set(
  (
    '.ansible .asdf .aws .bun .bundle .byobu .cabal .cache .cargo .composer .conda .config .cursor-server .deno .docker .dotnet ' +
    '.eggs .fly .fnm .font-unix .foundry .fzf .gem .ghcup .git .github .gnupg .go .goenv .gradle .helm .hg .hgcheck .husky .ICE-unix ' +
    '.jenkins .juliaup .kube .krew .linuxbrew .local .m2 .minikube .mix .n .next .nix-profile .node .npm .npm-global .nvm ' +
    '.nodenv .nuget .nx .oh-my-zsh .opam .phpenv .pipx .platformio .pnpm .pnpm-store .poetry .pulumi .pyenv .rbenv .rustup .rvm ' +
    '.sdkman .serverless .sonar .ssh .steam .stack .svn .swiftly .terraform .terraform.d .Test-unix .tfenv .tox .turbo .venv ' +
    '.virtualenvs .vim .vms .volta .vscode .vscode-remote .vscode-server .windsurf-server .X11-unix .XIM-unix .yarn .zplug .zsh .build .bin .env .data'
  ).split(' '),
)

/** The first part of the path that hides behind a dot and is not a known tool's; null where nothing hides. */
export function hiddenPart(path: string): string | null {
  if (!path.includes('/.')) return null
  for (const part of path.split('/')) {
    if (
      part.startsWith('.') &&
      part !== '.' &&
      part !== '..' &&
      !KNOWN_DOT_NAMES.has(part) &&
      !isScratch(part)
    )
      return part
  }
  return null
}

/** Where an AppImage mounts itself, where browsers unpack. */
function isScratch(part: string): boolean {
  return /^\.(?:mount_[A-Za-z0-9]{6,16}|org\.chromium\.[\w.]{1,64}|com\.google\.Chrome\.[\w.]{1,32})$/u.test(
    part,
  )
}

/** The program has no file any more, or never had one. */
export function isFileless(path: string): boolean {
  return (
    path.startsWith('/memfd:') ||
    path.startsWith('memfd:') ||
    /^\/(?:proc\/(?:self|\d{1,7})|dev)\/fd\/\d{1,5}$/u.test(path) ||
    path.endsWith(' (deleted)')
  )
}

/** World-writable, hidden or fileless. */
export function isHidingPlace(path: string): boolean {
  return isWorldWritable(path) || isFileless(path) || hiddenPart(path) !== null
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Folders that builds, installers and provisioners make in /tmp for themselves. */
const WORK_FOLDER =
  /^\/(?:var\/)?tmp\/(?:go-build|pip-|npm-|yarn--|tmp\.|tmp[a-z0-9_]{8}\/|cargo-install|rustup|bazel|ansible|_MEI|snap|dracut\.|mkinitramfs|initramfs|dpkg|apt-|systemd-private-|packer|script_\d|terraform_|vagrant-shell|\.?build|conda|jna-?|node-compile-cache|hsperfdata|phantomjs|selenium|chromium|playwright|buildah|containerd|docker|yum|dnf|rpm-tmp|cloud-init|kubelet|nix-build|install[.-]|installer|\.mount_|\.org\.chromium|\.com\.google|onefile_|staticx|selfgz|makeself|portage\/)/u

/** Whether a path in /tmp looks like the scratch of a build, an installer or a provisioner. Anybody may pick such a name: it weakens a suspicion, no more. */
export function isWorkFolder(path: string): boolean {
  return WORK_FOLDER.test(path) || /\/(?:conftest|a\.out)$/u.test(path)
}
