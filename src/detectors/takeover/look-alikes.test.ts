import { describe, expect, test } from 'vitest'
import { replay } from '../samples/auth-event.ts'
import { takeover } from './index.ts'
import { typed, type Typing } from './samples/typed.ts'

/** Everyday work that looks like a fight: silent. */
const SILENT: Readonly<Record<string, string[]>> = {
  'the door to Docker shut': [
    'iptables -A INPUT -p tcp --dport 2375 -j DROP',
    'iptables -A INPUT -p tcp --dport 2376 -j DROP',
  ],
  'rules that keep users from Redis': [
    'iptables -A OUTPUT -p tcp --dport 6379 -m owner --uid-owner git -j ACCEPT',
    'iptables -A OUTPUT -p tcp --dport 6379 -j REJECT',
  ],
  'a resolver of one’s own': ["echo 'nameserver 1.1.1.1' > /etc/resolv.conf", 'chattr +i /etc/resolv.conf'],
  'agents of a provider removed': [
    'curl http://update.aegis.aliyun.com/download/uninstall.sh | bash',
    'rm -rf /usr/local/aegis*',
    'systemctl disable aliyun.service',
  ],
  'huge pages for a database': ['sysctl -w vm.nr_hugepages=1280', 'echo 1280 > /proc/sys/vm/nr_hugepages'],
  'a module for turbostat': ['modprobe msr', 'turbostat --num_iterations 3'],
  'wget put aside': ['mv /usr/bin/wget /usr/bin/wget.orig', 'cp /usr/local/bin/wget-wrapper /usr/bin/wget'],
  'a deployment': [
    'systemctl stop shop',
    'pkill -f gunicorn',
    'rm -rf /tmp/build-7',
    'tar xzf release.tgz -C /srv/shop',
    'systemctl daemon-reload',
    'systemctl start shop',
  ],
  'a deployment by script': [
    'for p in $(pgrep -f "java -jar shop"); do kill -15 $p; done; sleep 5; kill -9 $(cat /run/shop.pid) || true; nohup java -jar /srv/shop.jar &',
  ],
  'a port freed': ['lsof -ti :8080 | xargs kill', 'fuser -k 8080/tcp'],
  'a firewall set up': [
    'ufw --force reset',
    'ufw default deny incoming',
    'ufw allow 22/tcp',
    'ufw deny 6379',
    'ufw enable',
  ],
  'a firewall written anew': [
    'iptables -F',
    'iptables -X',
    'iptables -P INPUT DROP',
    'iptables -A INPUT -p tcp --dport 22 -j ACCEPT',
    'iptables -A INPUT -j DROP',
  ],
  'a guesser blocked': ['iptables -I INPUT -s 203.0.113.9 -j DROP', 'ip route add blackhole 203.0.113.0/24'],
  'sshd made stricter': [
    "sed -i 's/^#\\?PasswordAuthentication.*/PasswordAuthentication no/' /etc/ssh/sshd_config",
    'systemctl restart sshd',
  ],
  'containers tidied up': [
    'docker system prune -af',
    'docker rm -f $(docker ps -aq)',
    'docker rmi $(docker images -q -f dangling=true)',
    'docker stop web && docker rm web',
  ],
  'logs rotated': [
    'gzip /var/log/app.log.1',
    'rm -f /var/log/app.log.9.gz',
    'kill -USR1 $(cat /run/nginx.pid)',
    'pkill -HUP rsyslogd',
  ],
  'a job edited in place': [
    "(crontab -l | grep -v backup.sh; echo '0 3 * * * /usr/local/bin/backup.sh') | crontab -",
  ],
  'people who come and go': [
    'useradd -m -s /bin/bash ada',
    'passwd ada',
    'usermod -aG sudo ada',
    'userdel -r bob',
    'passwd -l carol',
  ],
  'guards taken away': [
    'systemctl disable --now snapd',
    'apt-get purge -y ufw',
    'setenforce 0',
    'systemctl mask firewalld',
  ],
  'a temporary folder emptied': ['rm -rf /tmp/*', 'find /tmp -mtime +7 -delete'],
  'a look for miners': [
    'ps aux | grep -i xmrig',
    'netstat -anp | grep :3333',
    'crontab -l',
    'cat /etc/hosts',
    'top -b -n1',
  ],
  'a stuck job killed by number': ['ps aux | sort -nrk 3 | head', 'kill -9 4711'],
  'a program of one’s own unlocked': [
    'chattr -i /etc/shop.conf',
    'vi /etc/shop.conf',
    'chattr +i /etc/shop.conf',
  ],
}

/** One act, or a clean-up: context at most. */
const CONTEXT: Readonly<Record<string, string[]>> = {
  'all jobs removed': ['crontab -r'],
  'a miner killed': ['pkill -9 xmrig'],
  'pools blocked': [
    'iptables -A OUTPUT -p tcp --dport 3333 -j DROP',
    'iptables -A OUTPUT -p tcp --dport 5555 -j DROP',
  ],
  'pools sent nowhere': [
    "echo '0.0.0.0 pool.supportxmr.com' >> /etc/hosts",
    "echo '127.0.0.1 xmr.2miners.com' | tee -a /etc/hosts",
  ],
  'pools shut out by a firewall written anew': [
    'iptables -F',
    'iptables -A OUTPUT -p tcp --dport 3333 -j DROP',
    'iptables -A OUTPUT -p tcp -m multiport --dports 4444,5555,7777 -j REJECT',
  ],
  'a key replaced by one’s own': ["echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ada' > /root/.ssh/authorized_keys"],
  'a password set by a script': ["echo 'root:Secret0' | chpasswd"],
  'an incident handled': [
    'ps aux | grep xmrig',
    'pkill -9 xmrig',
    'pkill -9 kdevtmpfsi',
    'crontab -r',
    'rm -rf /tmp/kdevtmpfsi /var/tmp/kinsing',
    'systemctl disable --now c3pool_miner',
    'rm /etc/systemd/system/c3pool_miner.service',
    'passwd root',
    'iptables -A OUTPUT -p tcp --dport 3333 -j DROP',
  ],
  'an incident handled by script': [
    'for n in xmrig kinsing kdevtmpfsi watchbog sysguard ddgs; do pkill -9 -f $n; done; crontab -r; rm -rf /tmp/.x /var/tmp/kinsing; echo > /etc/ld.so.preload',
    "ps auxf | grep -v grep | grep 'pool.supportxmr.com' | awk '{print $2}' | xargs -r kill -9",
    "crontab -l | grep -v '203.0.113.9' | crontab -",
    'chattr -i /root/.ssh/authorized_keys; rm -f /root/.ssh/authorized_keys',
    "echo 'root:Secret0' | chpasswd",
    "echo '0.0.0.0 pool.supportxmr.com' >> /etc/hosts",
  ],
  'a machine provisioned from an address': [
    "echo 'root:Secret0' | chpasswd",
    'systemctl disable --now firewalld',
    'setenforce 0',
    'curl -s http://203.0.113.20/agent.sh | sh',
    "echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ada' >> /root/.ssh/authorized_keys",
  ],
  'a watchdog against runaways': ["ps -eo pid,pcpu,comm | awk '$2>90 {print $1}' | xargs -r kill"],
  'an incident handled, and work put back': [
    'pkill -9 xmrig',
    'crontab -r',
    'crontab /root/crontab.backup',
    "echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ada' > /root/.ssh/authorized_keys",
    'systemctl enable --now shop',
    'apt-get install -y clamav',
    'curl -fsSL https://get.example.org/agent.sh | sh',
  ],
}

const told = (commands: readonly string[], typing: Typing = {}) => replay(takeover, typed(commands, typing))

describe('silent', () => {
  test.each(Object.entries(SILENT))('%s', (_, commands) => expect(told(commands)).toEqual([]))
})

describe('context', () => {
  test.each(Object.entries(CONTEXT))('%s', (_, commands) => {
    const findings = told(commands)
    expect(findings.map(({ stage, severity }) => [stage, severity])).toEqual([['context', 'low']])
  })

  test.each(Object.entries(CONTEXT))('%s, by hand at a slow pace', (_, commands) => {
    for (const finding of told(commands, { everySeconds: 95 }))
      expect([finding.stage, finding.severity]).toEqual(['context', 'low'])
  })

  test.each(Object.entries({ ...SILENT, ...CONTEXT }))('%s, in a history without times', (_, commands) => {
    for (const finding of told(commands, { isTimeless: true }))
      expect([finding.stage, finding.severity]).toEqual(['context', 'low'])
  })
})
