/**
 * Everyday work that looks like a fight between miners. The command lines are what administrators, installers and their
 * scripts are publicly known to type.
 */
export const LOOK_ALIKES: Readonly<Record<string, readonly string[]>> = {
  'pool-ports-dropped': [
    'iptables -A OUTPUT -p tcp --dport 3333 -j DROP',
    'iptables -A OUTPUT -p tcp --dport 5555 -j DROP',
    'netfilter-persistent save',
  ],
  'pools-sunk-in-hosts': [
    'bash -c "echo \'0.0.0.0 pool.supportxmr.com\' >> /etc/hosts"',
    'bash -c "echo \'0.0.0.0 xmr.nanopool.org\' >> /etc/hosts"',
    'systemctl restart systemd-resolved',
  ],
  'crontab-removed': ['crontab -l', 'crontab -r'],
  'responder-kills-xmrig': ['ps aux', 'pkill -9 xmrig', 'pkill -9 kdevtmpfsi', 'rm -rf /tmp/kdevtmpfsi'],
  'aliyun-agent-removed': [
    'wget http://update.aegis.aliyun.com/download/uninstall.sh',
    'chmod +x uninstall.sh',
    './uninstall.sh',
    'pkill aliyun-service',
    'rm -fr /etc/init.d/agentwatch /usr/sbin/aliyun-service',
    'rm -rf /usr/local/aegis',
  ],
  'resolv-conf-locked': [
    'bash -c "echo \'nameserver 1.1.1.1\' > /etc/resolv.conf"',
    'chattr +i /etc/resolv.conf',
  ],
  'docker-door-shut': [
    'iptables -A INPUT -p tcp --dport 2375 -j DROP',
    'iptables -A INPUT -p tcp --dport 2376 -j DROP',
  ],
  'gitlab-redis-rules': [
    'iptables -A OUTPUT -p tcp --dport 6379 -m owner --uid-owner git -j ACCEPT',
    'iptables -A OUTPUT -p tcp --dport 6379 -j REJECT',
  ],
  'huge-pages': [
    'sysctl -w vm.nr_hugepages=1280',
    'bash -c "echo \'vm.nr_hugepages=1280\' >> /etc/sysctl.conf"',
  ],
  'msr-for-turbostat': ['modprobe msr', 'turbostat --num_iterations 3'],
  'wget-put-aside': ['mv /usr/bin/wget /usr/bin/wget.orig', 'cp /usr/local/bin/wget-wrapper /usr/bin/wget'],
  'password-of-root-set': ['bash -c "echo \'root:Secret0\' | chpasswd"', 'passwd -l ubuntu'],
  'own-keys-laid-out': [
    'bash -c "echo \'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ada\' > /root/.ssh/authorized_keys"',
    'chmod 600 /root/.ssh/authorized_keys',
  ],
  'guards-of-a-lab': [
    'setenforce 0',
    'systemctl disable --now firewalld',
    'systemctl disable --now apparmor',
  ],
  'firewall-anew': ['iptables -F', 'iptables -P INPUT DROP', 'iptables -A INPUT -p tcp --dport 22 -j ACCEPT'],
  'containers-tidied': ['docker stop web', 'docker rm -f web', 'docker system prune -af'],
  'runaways-watched': ['bash -c "ps -eo pid,pcpu | awk \'$2>90 {print $1}\' | xargs -r kill -9"'],
}

/** Removing somebody else's miner, as it is done with and without care. */
export const CLEANUPS: Readonly<Record<string, readonly string[]>> = {
  'killed, swept and locked out': [
    'ps aux',
    'pkill -9 xmrig',
    'pkill -9 -f /dev/shm/.x',
    'rm -f /dev/shm/.x',
    'rm -f /etc/cron.d/0kz',
    'iptables -A OUTPUT -d 203.0.113.200 -j DROP',
    'passwd root',
  ],
  'by a script that names every miner there is': [
    'bash -c "for n in xmrig kinsing kdevtmpfsi watchbog sysguard ddgs; do pkill -9 -f $n; done; crontab -r; rm -rf /dev/shm/.x /var/tmp/kinsing; echo > /etc/ld.so.preload"',
    'bash -c "echo \'root:Secret0\' | chpasswd"',
    'bash -c "echo \'0.0.0.0 pool.monero-example.net\' >> /etc/hosts"',
    'bash -c "echo \'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ada\' > /root/.ssh/authorized_keys"',
  ],
  'with a scanner that is fetched first': [
    'curl -sSfo /tmp/scan.sh https://tools.example.org/scan.sh',
    'chmod +x /tmp/scan.sh',
    '/tmp/scan.sh --all',
    'kill -9 6003',
    'rm -f /dev/shm/.x',
    'apt-get install -y clamav',
  ],
}
