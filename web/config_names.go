package main

import (
	"maps"
	"slices"
	"strings"
)

// underOurNames is an environment in which what the earlier shop called otherwise stands under our names; what is said under
// ours counts. Nothing else knows the older names.
func underOurNames(environ map[string]string) map[string]string {
	out := maps.Clone(environ)
	if out == nil {
		out = map[string]string{}
	}
	take := func(ours, value string) {
		if out[ours] == "" && value != "" {
			out[ours] = value
		}
	}
	take("ADMIN_TOKEN", environ["CMS_ADMIN_TOKEN"])
	take("WHATSAPP_NUMBER", environ["WA_NUMBER"])
	take("BASE_URL", environ["PUBLIC_BASE_URL"])
	if port := environ["PORT"]; port != "" {
		host := "127.0.0.1"
		if slices.Contains([]string{envStaging, envProduction}, environ["APP_ENV"]) {
			host = "" // whoever gives a port there sends its requests from elsewhere
		}
		take("ADDR", host+":"+port)
	}
	if slices.Contains([]string{"1", "true", "yes"}, strings.ToLower(environ["CACHE_DISABLED"])) {
		out["CACHE_TTL_PRODUCTS_SEC"], out["CACHE_TTL_CATEGORIES_SEC"] = "0", "0"
	}
	return out
}
