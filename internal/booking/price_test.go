package booking

import (
	"testing"

	"frontdesk/models"
)

func TestTotalAndDepositOfTheScenarios(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	cases := []struct {
		name           string
		services       []string
		minutes        int
		minor, deposit int64
	}{
		{"S01 without the pack", []string{"HIGHLIGHTS"}, 60, 6250, 1250},
		{"S02", []string{"CUT"}, 40, 2620, 524},
		{"S05", []string{"COLOUR_FULL"}, 50, 4300, 860},
		{"S08 free consultation", []string{"CONSULT_HAIR"}, 15, 0, 0},
		{"S09", []string{"GEL_MANI"}, 90, 4070, 814},
		{"S10", []string{"CLAY_RICH", "MOISTURE", "STYLE_LONG"}, 110, 9050, 1810},
		{"S13", []string{"BROWS", "GEL_MANI"}, 105, 4770, 954},
		{"S15", []string{"CUT", "COLOUR_FULL", "BLOW_DRY"}, 95, 7740, 1548},
		{"S15 with oil colour", []string{"CUT", "OIL_COLOUR", "BLOW_DRY"}, 75, 6840, 1368},
		{"S16", []string{"CUT", "SCALP_CALM"}, 70, 4710, 942},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			services := s.services(c.services...)
			minutes, minor := Total(services)
			if minutes != c.minutes || minor != c.minor {
				t.Errorf("got %d min %d, want %d min %d", minutes, minor, c.minutes, c.minor)
			}
			if got := Deposit(services, nil, 20); got != c.deposit {
				t.Errorf("got deposit %d, want %d", got, c.deposit)
			}
		})
	}
}

func TestDepositRoundsHalfUpOnceAndHonoursOverrides(t *testing.T) {
	percent := func(n int) *int { return &n }
	cases := []struct {
		name     string
		services []models.Service
		pack     *models.Pack
		want     int64
	}{
		{"half goes up", []models.Service{{PriceMinor: 250}}, nil, 38},         // 37.5
		{"below half goes down", []models.Service{{PriceMinor: 249}}, nil, 37}, // 37.35
		{"halves of two lines are summed first", []models.Service{{PriceMinor: 250}, {PriceMinor: 250}}, nil, 75},
		{"own percentage", []models.Service{{PriceMinor: 1000, DepositPercent: percent(50)}, {PriceMinor: 1000}}, nil, 650},
		{"own percentage of nothing", []models.Service{{PriceMinor: 1000, DepositPercent: percent(0)}}, nil, 0},
		{"pack counts as a whole", []models.Service{{PriceMinor: 6250}, {PriceMinor: 2620}}, &models.Pack{PriceMinor: 8000}, 1200},
		{"nothing", nil, nil, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Deposit(c.services, c.pack, 15); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestBestPackOfTheDemoSalon(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	offer, ok := BestPack(s.menu, s.services("HIGHLIGHTS"), 50)
	if !ok || offer.Pack.Code != "PACK_HC" || offer.SavingMinor != 870 || offer.SinglesMinor != 8870 || offer.SinglesMinutes != 100 {
		t.Errorf("got %+v (%t), want PACK_HC saving 870 against 8870 and 100 minutes", offer, ok)
	}
	if _, ok := BestPack(s.menu, s.services("HIGHLIGHTS", "CUT"), 50); !ok {
		t.Error("both services: got no pack, want PACK_HC")
	}
	for _, codes := range [][]string{{"CUT"}, {"FACIAL"}, {"HIGHLIGHTS", "BLOW_DRY"}, {"CUT", "CUT"}, nil} {
		if offer, ok := BestPack(s.menu, s.services(codes...), 50); ok {
			t.Errorf("%v: got %s, want no pack", codes, offer.Pack.Code)
		}
	}
}

func TestBestPackAmongSeveral(t *testing.T) {
	single := func(minor int64) models.Service {
		return models.Service{ID: models.NewID(), PriceMinor: minor, Minutes: 30}
	}
	a, b, c, gone := single(5000), single(5000), single(10000), single(5000)
	pack := func(code string, minor int64, minutes int, contents ...models.Service) models.Pack {
		p := models.Pack{Code: code, PriceMinor: minor, Minutes: minutes}
		for i, s := range contents {
			p.Services = append(p.Services, models.PackService{ServiceID: s.ID, Position: i})
		}
		return p
	}
	services := []models.Service{a, b, c}
	cases := []struct {
		name  string
		packs []models.Pack
		extra int
		want  string
	}{
		{"highest saving in percent, not in money", []models.Pack{pack("LESS", 12500, 60, a, c), pack("MORE", 8000, 60, a, b)}, 200, "MORE"},
		{"equal saving: the shortest", []models.Pack{pack("LONG", 8000, 60, a, b), pack("SHORT", 8000, 50, a, b)}, 100, "SHORT"},
		{"no saving is no pack", []models.Pack{pack("DEAR", 10000, 60, a, b)}, 200, ""},
		{"exactly half as much again", []models.Pack{pack("EDGE", 7500, 60, a, b)}, 50, "EDGE"},
		{"a cent above", []models.Pack{pack("OVER", 7501, 60, a, b)}, 50, ""},
		{"a retired service retires the pack", []models.Pack{pack("GONE", 6000, 60, a, gone)}, 50, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			offer, ok := BestPack(Menu{Services: services, Packs: tc.packs}, []models.Service{a}, tc.extra)
			if ok != (tc.want != "") || offer.Pack.Code != tc.want {
				t.Errorf("got %q (%t), want %q", offer.Pack.Code, ok, tc.want)
			}
		})
	}
}
