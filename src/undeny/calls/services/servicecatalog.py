"""Service Catalog: launch roles."""

SOURCE = "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html"
PASSES = {
    "servicecatalog:CreateServiceAction": (("definition.AssumeRole",), "servicecatalog.amazonaws.com"),
}
