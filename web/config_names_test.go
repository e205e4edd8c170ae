package main

import "testing"

// What the earlier shop called otherwise is understood, where nothing is said under our name.
func TestOlderNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		environ map[string]string
		ours    string
		want    string
	}{
		{"a port of this machine", map[string]string{"PORT": "3001"}, "ADDR", "127.0.0.1:3001"},
		{"a port of a host", map[string]string{"PORT": "3001", "APP_ENV": "production"}, "ADDR", ":3001"},
		{"an address goes before a port", map[string]string{"PORT": "3001", "ADDR": ":80"}, "ADDR", ":80"},
		{"the token of templates", map[string]string{"CMS_ADMIN_TOKEN": "t"}, "ADMIN_TOKEN", "t"},
		{"the token goes before it", map[string]string{"CMS_ADMIN_TOKEN": "t", "ADMIN_TOKEN": "u"}, "ADMIN_TOKEN", "u"},
		{"the number", map[string]string{"WA_NUMBER": "+34600000000"}, "WHATSAPP_NUMBER", "+34600000000"},
		{"where people come", map[string]string{"PUBLIC_BASE_URL": "https://shop.example"}, "BASE_URL", "https://shop.example"},
		{"nothing is remembered", map[string]string{"CACHE_DISABLED": "1", "CACHE_TTL_PRODUCTS_SEC": "60"}, "CACHE_TTL_PRODUCTS_SEC", "0"},
		{"it is, when that is said", map[string]string{"CACHE_DISABLED": "0", "CACHE_TTL_PRODUCTS_SEC": "60"}, "CACHE_TTL_PRODUCTS_SEC", "60"},
	} {
		if got := underOurNames(tt.environ)[tt.ours]; got != tt.want {
			t.Errorf("%s: %s is %q, want %q", tt.name, tt.ours, got, tt.want)
		}
	}
	if c, err := loadConfig(map[string]string{"CACHE_DISABLED": "true", "PORT": "3001"}); err != nil || c.CacheTTLProducts != 0 || c.CacheTTLCategories != 0 || c.Addr != "127.0.0.1:3001" {
		t.Errorf("got %q, %d, %d, %v", c.Addr, c.CacheTTLProducts, c.CacheTTLCategories, err)
	}
}
