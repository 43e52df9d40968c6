"""openstack-security-group: the flows as Neutron's security groups, for Terraform or Ansible."""
