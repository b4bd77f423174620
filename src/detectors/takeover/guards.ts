import type { Command } from '../model/host/shell.ts'
import { operands, type Script, type Sign, target } from './sign.ts'

/** Services, packages and folders of agents that watch a machine. */
const GUARDS =
  /\b(?:aegis|aliyun(?:-service|\.service)?|aliyun_assist|AliYunDun\w*|AssistDaemon|CmsGoAgent|cloudmonitor|YunJing|YDService|YDLive|qcloud|stargate|barad(?:_agent)?|tat_agent|bcm-(?:agent|si)|bmc-agent|hostguard|hids|uniagent|telescope|falcon-sensor|crowdstrike|sentinelone|sentinelctl|wazuh-agent|ossec|osqueryd?|falco|sysdig|tetragon|tracee|auditd|auditbeat|filebeat|elastic-agent|clamav(?:-daemon|-freshclam)?|clamd|ds_agent|mdatp|cbagentd|traps_pmd|cortex|rkhunter|chkrootkit|fail2ban|sshguard|crowdsec|amazon-ssm-agent|amazon-cloudwatch-agent|google-cloud-ops-agent|stackdriver-agent|omsagent|azuremonitoragent|rsyslog|syslog|apparmor|ufw|firewalld|nftables|iptables|selinux)\b/u
const AGENT_FOLDER =
  /^\/(?:usr\/local\/(?:aegis|share\/aliyun-assist|share\/assist-daemon|cloudmonitor|qcloud|hostguard|uniagent|telescope)|opt\/(?:CrowdStrike|sentinelone|ds_agent|bcm-agent)|var\/ossec)(?:\/|\*|$)/u
const UNINSTALLER =
  /(?:update\d?\.aegis\.aliyun\.com\/download\/(?:quartz_)?uninstall\.sh|aegis\/\S{0,64}uninstall|qcloud\/(?:stargate\/admin\/uninstall|YunJing\/uninst|monitor\/barad\/admin\/uninstall)\S{0,8}|(?:quartz_)?uninstall\.sh|hostguard\S{0,32}uninstall)/u

/** Agents, SELinux, AppArmor, the firewall and the audit trail, taken away. Owners do each of it, too. */
export function guardRemovalsOf({ pipelines, text }: Script): Sign[] {
  const signs = pipelines.flat().flatMap(ofCommand)
  if (text.includes('uninst') && UNINSTALLER.test(text.slice(0, 8192)) && GUARDS.test(text.slice(0, 8192)))
    signs.push(removed(UNINSTALLER.exec(text.slice(0, 8192))?.[0] ?? 'agent'))
  return signs
}

function removed(what: string): Sign {
  return { category: 'guard-removal', verb: 'removed guards', targets: [target('unit', what)], isPlain: true }
}

function off(what: string): Sign {
  return {
    category: 'guard-removal',
    verb: 'switched guards off',
    targets: [target('unit', what)],
    isPlain: true,
  }
}

function ofCommand(command: Command): Sign[] {
  const { program, words } = command
  const args = operands(command)
  const text = words.slice(1).join(' ').slice(0, 2048)
  switch (program) {
    case 'setenforce':
      return args[0] === '0' || args[0]?.toLowerCase() === 'permissive' ? [off('selinux')] : []
    case 'ufw':
      return words.includes('disable') ? [off('ufw')] : []
    case 'auditctl':
      return /-e ?0|-D\b/u.test(text) ? [off('auditd')] : []
    case 'aa-teardown':
    case 'aa-disable':
      return [off('apparmor')]
    case 'systemctl':
      return /\b(?:stop|disable|mask|kill)\b/u.test(text) ? guardsIn(args.slice(1)).map(off) : []
    case 'service':
      return args[1] === 'stop' ? guardsIn(args.slice(0, 1)).map(off) : []
    case 'pkill':
    case 'killall':
      return guardsIn(args).map(off)
    case 'rm':
      return args.filter((path) => AGENT_FOLDER.test(path)).map(removed)
    case 'apt':
    case 'apt-get':
    case 'yum':
    case 'dnf':
    case 'rpm':
    case 'dpkg':
    case 'zypper':
      return /\b(?:remove|purge|erase|autoremove)\b|(?:^|\s)-[erP]\s/u.test(text)
        ? guardsIn(args.slice(1)).map(removed)
        : []
    default:
      return /SELINUX=(?:disabled|permissive)/u.test(text) &&
        (program === 'sed' || command.outputs.some(({ path }) => /selinux/u.test(path)))
        ? [off('selinux')]
        : []
  }
}

function guardsIn(words: readonly string[]): string[] {
  return words.filter((word) => GUARDS.test(word))
}
