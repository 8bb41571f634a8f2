"""VPC Lattice: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/vpc-lattice/latest/ug/using-service-linked-roles.html"
LINKED = {
    "vpc-lattice:CreateService": ("vpc-lattice.amazonaws.com", "AWSServiceRoleForVpcLattice"),
    "vpc-lattice:CreateServiceNetwork": ("vpc-lattice.amazonaws.com", "AWSServiceRoleForVpcLattice"),
    "vpc-lattice:CreateTargetGroup": ("vpc-lattice.amazonaws.com", "AWSServiceRoleForVpcLattice"),
}
