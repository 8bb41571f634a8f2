"""Managed Service for Prometheus: the service-linked role of a scraper."""

SOURCE = "https://docs.aws.amazon.com/prometheus/latest/userguide/using-service-linked-roles-prom-scraper.html"
LINKED = {
    "aps:CreateScraper": ("scraper.aps.amazonaws.com", "AWSServiceRoleForAmazonPrometheusScraper"),
}
