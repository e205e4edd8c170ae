package booking

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

const boss = "staff:boss"

func (s *salon) upkeep() *Upkeep { return s.Diary.Upkeep() }

// entries are the actions in the log about a thing, newest first.
func (s *salon) entries(id models.ID) []models.AuditEntry {
	s.t.Helper()
	rows, err := audit.New(s.db, s.clock).Entries(s.ctx, audit.Query{SubjectID: id.String()})
	s.must(err)
	return rows
}

// wantWrong checks that an edit was refused for exactly these fields ("price services.wrong.price").
func wantWrong(t *testing.T, err error, want string) {
	t.Helper()
	var f *fault.Fault
	got := fmt.Sprint(err)
	if errors.As(err, &f) && f.Kind == fault.KindInvalid {
		var lines []string
		for _, field := range slices.Sorted(maps.Keys(f.Fields)) {
			lines = append(lines, field+" "+strings.TrimPrefix(f.Fields[field], "services.wrong."))
		}
		got = strings.Join(lines, ", ")
	}
	if got != want {
		t.Errorf("refused for %q, want %q", got, want)
	}
}

func cutEdit(s models.Service) ServiceEdit {
	return ServiceEdit{
		Category: s.Category, Minutes: s.Minutes, PriceMinor: s.PriceMinor, DepositPercent: s.DepositPercent,
		Names: maps.Clone(s.Names), Synonyms: maps.Clone(s.Synonyms),
	}
}

func ref[T any](v T) *T { return &v }

func TestWhatAServiceMayBe(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	cut := s.service("CUT")
	long := strings.Repeat("ö", MaxName)
	for _, c := range []struct {
		name string
		edit func(*ServiceEdit)
		want string
	}{
		{"the shortest and cheapest", func(e *ServiceEdit) { e.Minutes, e.PriceMinor, e.DepositPercent = 5, 0, ref(0) }, "<nil>"},
		{"the longest and dearest", func(e *ServiceEdit) { e.Minutes, e.PriceMinor, e.DepositPercent = 480, 1_000_000, ref(100) }, "<nil>"},
		{"the longest name", func(e *ServiceEdit) { e.Names[models.English] = long }, "<nil>"},
		{"no minutes", func(e *ServiceEdit) { e.Minutes = 0 }, "minutes minutes"},
		{"between the steps", func(e *ServiceEdit) { e.Minutes = 42 }, "minutes minutes"},
		{"longer than a day's work", func(e *ServiceEdit) { e.Minutes = 485 }, "minutes minutes"},
		{"backwards", func(e *ServiceEdit) { e.Minutes = -5 }, "minutes minutes"},
		{"a price below nothing", func(e *ServiceEdit) { e.PriceMinor = -1 }, "price price"},
		{"a price beyond the limit", func(e *ServiceEdit) { e.PriceMinor = 1_000_001 }, "price price"},
		{"a deposit below nothing", func(e *ServiceEdit) { e.DepositPercent = ref(-1) }, "deposit percent"},
		{"more than all of it ahead", func(e *ServiceEdit) { e.DepositPercent = ref(101) }, "deposit percent"},
		{"no such category", func(e *ServiceEdit) { e.Category = "nails" }, "category category"},
		{"an empty name", func(e *ServiceEdit) { e.Names[models.Spanish] = " \n\t" }, "names.es missing"},
		{"no name at all", func(e *ServiceEdit) { e.Names = nil }, "names.ar missing, names.en missing, names.es missing"},
		{"too long a name", func(e *ServiceEdit) { e.Names[models.Arabic] = long + "ö" }, "names.ar long"},
		{"too long a synonym", func(e *ServiceEdit) { e.Synonyms[models.English] = []string{strings.Repeat("a", 61)} }, "synonyms.en long_word"},
		{"too many synonyms", func(e *ServiceEdit) { e.Synonyms[models.English] = numbered(41) }, "synonyms.en many"},
		{"all that many", func(e *ServiceEdit) { e.Synonyms[models.English] = numbered(40) }, "<nil>"},
	} {
		s.sub(c.name, "2026-10-06 10:00", func(t *testing.T, s *salon) {
			e := cutEdit(cut)
			c.edit(&e)
			_, err := s.upkeep().ChangeService(s.ctx, boss, cut.ID, cut.Version, e)
			wantWrong(t, err, c.want)
			_, err = s.upkeep().AddService(s.ctx, boss, e)
			wantWrong(t, err, c.want)
		})
	}
}

func numbered(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("word %d", i)
	}
	return out
}

// the next quote uses an edited price, the log says who changed what, and a visit that is booked
// keeps what was agreed.
func TestAnEditedPriceIsQuotedNext(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	noor := s.person()
	booked := s.held(noor, "salma", "2026-10-09 12:00", "CUT")
	cut := s.service("CUT")
	e := cutEdit(cut)
	e.PriceMinor, e.Minutes = 3000, 45
	changed, err := s.upkeep().ChangeService(s.ctx, boss, cut.ID, cut.Version, e)
	s.must(err)
	if changed.PriceMinor != 3000 || changed.Version != cut.Version+1 {
		t.Errorf("changed to %+v", changed)
	}
	next, err := s.Hold(s.ctx, s.request(s.person(), "omar", "2026-10-09 12:00", "CUT"))
	s.must(err)
	if next.TotalMinor != 3000 || next.Span().Minutes() != 45 || next.DepositMinor != 600 {
		t.Errorf("the next hold costs %d for %d minutes, %d ahead; want 3000, 45, 600", next.TotalMinor, next.Span().Minutes(), next.DepositMinor)
	}
	kept, err := s.Appointment(s.ctx, booked.ID)
	s.must(err)
	if kept.TotalMinor != 2620 || kept.Span().Minutes() != 40 || kept.Lines[0].PriceMinor != 2620 {
		t.Errorf("the booked visit became %d for %d minutes", kept.TotalMinor, kept.Span().Minutes())
	}
	log := s.entries(cut.ID)
	if len(log) != 1 || log[0].Action != "service.changed" || log[0].Actor != boss ||
		string(log[0].Before) != `{"minutes": 40, "price_minor": 2620}` || string(log[0].After) != `{"minutes": 45, "price_minor": 3000}` {
		t.Errorf("the log says %+v", log)
	}
}

func TestAnEditThatChangesNothingLeavesNoTrace(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	cut := s.service("CUT")
	same, err := s.upkeep().ChangeService(s.ctx, boss, cut.ID, cut.Version, cutEdit(cut))
	s.must(err)
	if log := s.entries(cut.ID); same.Version != cut.Version || len(log) != 0 {
		t.Errorf("version %d, log %v", same.Version, log)
	}
}

func TestANewServiceIsBookableUnderACodeOfItsOwn(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	e := cutEdit(s.service("CUT"))
	e.Names = text("  Root   touch-up ", "Retoque de raíz", "صبغ الجذور")
	e.Synonyms = models.Words{models.English: {" roots ", "Roots", "", "regrowth"}}
	var codes []string
	for range 3 {
		added, err := s.upkeep().AddService(s.ctx, boss, e)
		s.must(err)
		codes = append(codes, added.Code)
		if added.Names[models.English] != "Root touch-up" || !slices.Equal(added.Synonyms[models.English], []string{"roots", "regrowth"}) || added.Currency != "EUR" {
			t.Errorf("added %+v", added)
		}
	}
	if !slices.Equal(codes, []string{"ROOT_TOUCH_UP", "ROOT_TOUCH_UP_2", "ROOT_TOUCH_UP_3"}) {
		t.Errorf("codes %v", codes)
	}
	e.Names[models.English] = "قص"
	added, err := s.upkeep().AddService(s.ctx, boss, e)
	s.must(err)
	menu, err := s.Menu(s.ctx)
	s.must(err)
	if last := menu.Services[len(menu.Services)-1]; added.Code != "SERVICE" || last.ID != added.ID {
		t.Errorf("code %s, last on the menu %s", added.Code, last.Code)
	}
}

func TestARetiredServiceIsNotSoldAndComesBack(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	cut := s.service("CUT")
	_, err := s.upkeep().RetireService(s.ctx, boss, cut.ID)
	s.must(err)
	_, err = s.Hold(s.ctx, s.request(s.person(), "salma", "2026-10-09 12:00", "CUT"))
	wantFault(t, err, "booking.unknown_service")
	packs, err := s.upkeep().Packs(s.ctx)
	s.must(err)
	if packs[0].Complete {
		t.Error("the pack with a retired service says it is sold")
	}
	_, err = s.upkeep().RestoreService(s.ctx, boss, cut.ID)
	s.must(err)
	s.held(s.person(), "salma", "2026-10-09 12:00", "CUT")
	if log := s.entries(cut.ID); len(log) != 2 || log[0].Action != "service.restored" || log[1].Action != "service.retired" {
		t.Errorf("the log says %+v", log)
	}
}

// Two people edit one service: one of them is told, whoever is slower.
func TestOfTwoEditorsOneIsTold(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	cut := s.service("CUT")
	for round := range rounds {
		current, err := s.upkeep().Service(s.ctx, cut.ID)
		s.must(err)
		results := make([]error, 2)
		var wg sync.WaitGroup
		for i := range results {
			wg.Go(func() {
				e := cutEdit(current)
				e.PriceMinor = int64(3000 + 100*round + i)
				_, results[i] = s.upkeep().ChangeService(s.ctx, boss, cut.ID, current.Version, e)
			})
		}
		wg.Wait()
		told := 0
		for _, err := range results {
			if fault.Is(err, "services.changed") {
				told++
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if told != 1 {
			t.Fatalf("round %d: %d of two were told", round, told)
		}
	}
}

func TestServicesChangePlacesWithTheirNeighbours(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	u := s.upkeep()
	order := func(c models.Category) (codes string) {
		rows, err := u.Services(s.ctx)
		s.must(err)
		for _, r := range rows {
			if r.Category == c {
				codes += r.Code + " "
			}
		}
		return codes
	}
	hair := order(models.Hair)
	s.must(u.MoveService(s.ctx, boss, s.service("CUT").ID, true))
	if got := order(models.Hair); !strings.HasPrefix(got, "CUT HIGHLIGHTS CUT_MEN ") {
		t.Errorf("order %s", got)
	}
	s.must(u.MoveService(s.ctx, boss, s.service("CUT").ID, true)) // the first stays
	s.must(u.MoveService(s.ctx, boss, s.service("CUT").ID, false))
	if got := order(models.Hair); got != hair {
		t.Errorf("order %s, want %s", got, hair)
	}
	s.must(u.MoveService(s.ctx, boss, s.service("FACIAL").ID, true)) // never past its category
	if got := order(models.Aesthetics); !strings.HasPrefix(got, "FACIAL BROWS ") {
		t.Errorf("order %s", got)
	}
	wantFault(t, u.MoveService(s.ctx, boss, models.NewID(), true), "services.not_found")
}

func (s *salon) packEdit(codes ...string) PackEdit {
	return PackEdit{ServiceIDs: s.ids(codes...), Minutes: 60, PriceMinor: 8000, Names: text("Pack", "Pack", "باقة")}
}

func TestWhatAPackMayBe(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	pack, _ := s.menu.Pack("PACK_HC")
	for _, c := range []struct {
		name string
		edit func(*PackEdit)
		want string
	}{
		{"two services", func(*PackEdit) {}, "<nil>"},
		{"a pack that saves nothing", func(e *PackEdit) { e.PriceMinor = 1_000_000 }, "<nil>"},
		{"one service", func(e *PackEdit) { e.ServiceIDs = e.ServiceIDs[:1] }, "services few"},
		{"nothing", func(e *PackEdit) { e.ServiceIDs = nil }, "services few"},
		{"one twice", func(e *PackEdit) { e.ServiceIDs[1] = e.ServiceIDs[0] }, "services unknown_service"},
		{"two categories", func(e *PackEdit) { e.ServiceIDs = s.ids("CUT", "FACIAL") }, "services mixed"},
		{"no such service", func(e *PackEdit) { e.ServiceIDs[1] = models.NewID() }, "services unknown_service"},
		{"more than anybody sits through", func(e *PackEdit) {
			e.ServiceIDs = s.ids("CUT", "CUT_MEN", "STYLE", "STYLE_LONG", "BLOW_DRY", "CLAY", "CLAY_RICH", "MOISTURE", "SCALP_CALM")
		}, "services too_many"},
		{"no minutes, no price, no name", func(e *PackEdit) { e.Minutes, e.PriceMinor, e.Names[models.English] = 3, -1, "" }, "minutes minutes, names.en missing, price price"},
	} {
		s.sub(c.name, "2026-10-06 10:00", func(t *testing.T, s *salon) {
			e := s.packEdit("CUT", "MOISTURE")
			c.edit(&e)
			_, err := s.upkeep().ChangePack(s.ctx, boss, pack.ID, pack.Version, e)
			wantWrong(t, err, c.want)
			_, err = s.upkeep().AddPack(s.ctx, boss, e)
			wantWrong(t, err, c.want)
		})
	}
}

func TestAPackSavesWhatItSaves(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	u := s.upkeep()
	added, err := u.AddPack(s.ctx, boss, PackEdit{
		ServiceIDs: s.ids("MOISTURE", "CUT"), Minutes: 55, PriceMinor: 4000, Names: text("Pack: cut + moisture", "Pack corte + hidratación", "باقة قص وترطيب"),
	})
	s.must(err)
	if added.Code != "PACK_PACK_CUT_MOISTURE" || added.Category != models.Hair {
		t.Errorf("added %+v", added)
	}
	got, err := u.Pack(s.ctx, added.ID)
	s.must(err)
	if got.SavingMinor != 620 || got.SinglesMinutes != 65 || !got.Complete || got.Contents[0].Code != "MOISTURE" {
		t.Errorf("pack %+v", got)
	}
	menu, err := s.Menu(s.ctx)
	s.must(err)
	offer, found := BestPack(menu, s.services("CUT"), 60)
	if !found || offer.Pack.ID != added.ID {
		t.Errorf("offered is %+v", offer.Pack.Code)
	}
	e := s.packEdit("FACIAL", "BROWS")
	changed, err := u.ChangePack(s.ctx, boss, added.ID, added.Version, e)
	s.must(err)
	if changed.Category != models.Aesthetics || len(changed.Services) != 2 {
		t.Errorf("changed %+v", changed)
	}
	_, err = u.ChangePack(s.ctx, boss, added.ID, added.Version, e)
	wantFault(t, err, "services.changed")
	_, err = u.RetirePack(s.ctx, boss, added.ID)
	s.must(err)
	if menu, err = s.Menu(s.ctx); err != nil || len(menu.Packs) != 1 {
		t.Errorf("%d packs on the menu (%v)", len(menu.Packs), err)
	}
}

// A pack never holds two categories, also when its contents and a service change in the same moment.
func TestAServiceInAPackKeepsItsCategory(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	u := s.upkeep()
	cut := s.service("CUT")
	e := cutEdit(cut)
	e.Category = models.Aesthetics
	_, err := u.ChangeService(s.ctx, boss, cut.ID, cut.Version, e)
	wantWrong(t, err, "category in_pack")
	moisture := s.service("MOISTURE")
	for range rounds {
		moisture, err = u.Service(s.ctx, moisture.ID)
		s.must(err)
		toggled := cutEdit(moisture)
		toggled.Category = models.Aesthetics
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = u.ChangeService(s.ctx, boss, moisture.ID, moisture.Version, toggled) })
		wg.Go(func() { _, _ = u.AddPack(s.ctx, boss, s.packEdit("STYLE", "MOISTURE")) })
		wg.Wait()
		var broken int64
		s.must(s.db.On(s.ctx).Raw(`SELECT count(*) FROM pack_services l JOIN services s ON s.id = l.service_id
			JOIN packs p ON p.id = l.pack_id WHERE s.category <> p.category`).Scan(&broken).Error)
		if broken > 0 {
			t.Fatalf("%d services stand in a pack of another category", broken)
		}
		for _, sql := range []string{"DELETE FROM packs WHERE code <> 'PACK_HC'", "UPDATE services SET category = 'hair' WHERE code = 'MOISTURE'"} {
			s.must(s.db.On(s.ctx).Exec(sql).Error)
		}
	}
}
