#1778561682
sudo tee -a /etc/hosts
