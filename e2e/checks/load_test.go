package checks

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"frontdesk/e2e/harness"
)

var loads = filepath.Join(harness.Root(), "scripts", "load")

// R-1612: the Artillery profile is one that Artillery can read, goes the whole way through the shop, judges
// every status, fails the run, stays on this machine and ends.
func TestArtilleryProfile(t *testing.T) {
	t.Parallel()
	type request struct {
		URL    string
		Expect []struct {
			StatusCode int `yaml:"statusCode"`
		}
	}
	var profile struct {
		Config struct {
			Target string
			Phases []struct {
				Duration, ArrivalRate, MaxVusers int
			}
			Plugins map[string]any
			Ensure  struct {
				Thresholds []map[string]float64
				Conditions []struct {
					Expression string
					Strict     bool
				}
			}
		}
		Scenarios []struct {
			Flow []map[string]request
		}
	}
	body := strings.NewReplacer("arrivalRate:", "arrivalrate:", "maxVusers:", "maxvusers:").Replace(readFile(t, filepath.Join(loads, "artillery-browse-checkout.yml")))
	if err := yaml.Unmarshal([]byte(body), &profile); err != nil {
		t.Fatal(err)
	}
	config := profile.Config
	if !strings.HasPrefix(config.Target, "http://localhost:") {
		t.Errorf("the load goes to %s", config.Target)
	}
	for _, p := range config.Phases {
		if p.Duration < 1 || p.Duration > 300 || p.ArrivalRate < 1 || p.MaxVusers < 1 || p.MaxVusers > 50 {
			t.Errorf("a phase is not bounded: %+v", p)
		}
	}
	strict := slices.ContainsFunc(config.Ensure.Conditions, func(c struct {
		Expression string
		Strict     bool
	}) bool {
		return c.Strict && c.Expression == "vusers.failed == 0"
	})
	if config.Plugins["expect"] == nil || config.Plugins["ensure"] == nil || !strict || len(config.Ensure.Thresholds) == 0 || len(config.Phases) == 0 {
		t.Errorf("a failure does not fail the run: %+v", config)
	}
	var way []string
	for _, step := range profile.Scenarios[0].Flow {
		for method, r := range step {
			if len(r.Expect) != 1 || r.Expect[0].StatusCode < 200 || r.Expect[0].StatusCode > 299 {
				t.Errorf("%s %s: no status is expected", method, r.URL)
			}
			url, _, _ := strings.Cut(r.URL, "?")
			way = append(way, strings.ToUpper(method)+" "+regexp.MustCompile(`{{ \w+ }}`).ReplaceAllString(url, "*"))
		}
	}
	if want := []string{"GET /products", "POST /cart", "POST /cart/items", "POST /checkout/init", "GET /orders/*", "POST /orders/*/cancel"}; !slices.Equal(way, want) {
		t.Errorf("the way is %q, want %q", way, want)
	}
}

// R-1612: the k6 profile passes against a whole program, fails when one route answers wrongly, and goes to
// no other machine. k6 is built by scripts/load/get-k6.sh; the short suite does without when it is not there.
func TestK6Profile(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(filepath.Join(harness.Root(), "bin", "k6")); err != nil && os.Getenv("LONG") == "" {
		t.Skip("k6 is not built; make load builds it, LONG=1 as well")
	}
	app := start(t)
	run := func(base string, env ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), filepath.Join(loads, "k6.sh"))
		cmd.Env = append(os.Environ(), append(env, "API_BASE="+base, "VUS=2", "ITERATIONS=6", "SECONDS=60", "WHATSAPP_APP_SECRET=")...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	// Speed is for a machine that does nothing else: here only what is not about time must hold.
	printed, _ := run(app.BaseURL)
	for _, threshold := range []string{"refused", "checks"} {
		if !regexp.MustCompile(fmt.Sprintf(`(?s)%s.*?✓`, threshold)).MatchString(printed) || strings.Contains(printed, "✗ 'rate") {
			t.Fatalf("%s is missed against a whole program:\n%s", threshold, printed)
		}
	}
	broken := newSpoiler(t, app.BaseURL, "POST /checkout/init", spoiled()["failing"])
	if printed, err := run(broken.URL); err == nil || !strings.Contains(printed, "✗ 'rate") {
		t.Errorf("passes without checkout: %v\n%s", err, printed)
	}
	for _, elsewhere := range []string{"https://example.com", "http://localhost.example.com", "http://127.0.0.1.example.com"} {
		if printed, err := run(elsewhere); err == nil || !strings.Contains(printed, "is not this machine") {
			t.Errorf("goes to %s: %v\n%s", elsewhere, err, printed)
		}
	}
}
