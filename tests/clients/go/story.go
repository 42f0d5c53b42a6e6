// One return, from the records of the HR system to the acknowledged instruction.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"okaeri.example/okaeri"
)

var (
	run      = fmt.Sprintf("%x", time.Now().UnixNano())
	client   = connect(given("OKAERI_URL"))
	system   = as(given("OKAERI_API_KEY"))
	hr       = as(given("OKAERI_HR_TOKEN"))
	approver = as(given("OKAERI_APPROVER_TOKEN"))
)

func given(name string) string {
	value := os.Getenv(name)
	check(value != "", name+" is set")
	return value
}

func connect(base string) *okaeri.APIClient {
	configuration := okaeri.NewConfiguration()
	configuration.Servers = okaeri.ServerConfigurations{{URL: base}}
	return okaeri.NewAPIClient(configuration)
}

func as(credential string) context.Context {
	return context.WithValue(context.Background(), okaeri.ContextAccessToken, credential)
}

func check(holds bool, what string) {
	if !holds {
		panic("it does not hold that " + what)
	}
}

// got is what was answered; a problem ends the story.
func got[T any](answer *T, response *http.Response, err error) *T {
	if err != nil {
		var problem *okaeri.GenericOpenAPIError
		if errors.As(err, &problem) {
			panic(fmt.Sprintf("%s: %s", err, problem.Body()))
		}
		panic(err)
	}
	return answer
}

// refused is the problem that was answered.
func refused[T any](answer *T, response *http.Response, err error) okaeri.Problem {
	var failure *okaeri.GenericOpenAPIError
	check(errors.As(err, &failure), "a problem was answered")
	problem, is := failure.Model().(okaeri.Problem)
	check(is, "the answer is a problem")
	return problem
}

func day(days int) string {
	return time.Now().UTC().AddDate(0, 0, days).Format("2006-01-02")
}

func etag(version int32) string {
	return fmt.Sprintf("%q", fmt.Sprint(version))
}

type leaver struct {
	number, family, given string
	daysOfService         int
}

// importPeople sends one row for each employment period; sent again, the same rows change nothing.
func importPeople(leavers []leaver) (ids []string) {
	var rows []okaeri.PeopleImportRow
	for _, leaver := range leavers {
		period := okaeri.NewEmploymentPeriod(day(-730 - leaver.daysOfService))
		period.SetLastDay(day(-730))
		period.SetEmploymentType(okaeri.EMPLOYMENTTYPE_REGULAR)
		period.SetFullTime(true)
		period.SetJobFamily("administration")
		period.SetExitRoute(okaeri.EXITROUTE_RESIGNATION)
		name := okaeri.NewName(leaver.family, leaver.given)
		email := okaeri.NewPersonContactInput(okaeri.CONTACTKIND_EMAIL, leaver.number+"@example.jp")
		row := okaeri.NewPeopleImportRow(leaver.number, *name, *period)
		row.SetBirthDate("1990-04-02")
		row.SetContacts([]okaeri.PersonContactInput{*email})
		rows = append(rows, *row)
	}
	request := client.PeopleAPI.ImportPeople(system).PeopleImportInput(*okaeri.NewPeopleImportInput(rows))
	report, again := got(request.Execute()), got(request.Execute())
	check(report.Created == 2, "both are recorded")
	check(again.Created+again.Updated == 0 && again.Unchanged == 2, "the second time changes nothing")
	for _, leaver := range leavers {
		found := got(client.PeopleAPI.ListPeople(system).EmployeeNumber(leaver.number).Execute())
		ids = append(ids, found.Items[0].Id)
	}
	return ids
}

// everybody is read a page at a time.
func everybody() map[string]bool {
	seen := map[string]bool{}
	for request := client.PeopleAPI.ListPeople(system).Limit(1); ; {
		page := got(request.Execute())
		check(len(page.Items) <= 1, "a page has at most one")
		for _, person := range page.Items {
			check(!seen[person.Id], "nobody comes twice")
			seen[person.Id] = true
		}
		if !page.HasNextCursor() {
			return seen
		}
		request = request.Cursor(page.GetNextCursor())
	}
}

// adopt adopts a regulation of the library and publishes it, or takes the one that was adopted before.
func adopt(code string) (string, *okaeri.RegulationVersion) {
	new := okaeri.NewRegulationInput()
	new.SetLibraryCode(code)
	regulation, response, err := client.RegulationsAPI.CreateRegulation(hr).RegulationInput(*new).Execute()
	if err != nil {
		check(refused(regulation, response, err).Code == okaeri.PROBLEMCODE_ALREADY_EXISTS, "it exists already")
		for _, known := range got(client.RegulationsAPI.ListRegulations(hr).Execute()).Items {
			if known.Code == code {
				regulation = &known
				break
			}
		}
	}
	version := &got(client.RegulationsAPI.ListRegulationVersions(hr, regulation.Id).Execute()).Items[0]
	if version.State == okaeri.VERSIONSTATE_DRAFT {
		read, response, err := client.RegulationsAPI.GetRegulationVersion(hr, version.Id).Execute()
		id, tag := got(read, response, err).Id, response.Header.Get("ETag")
		version = got(client.RegulationsAPI.PublishRegulationVersion(hr, id).IfMatch(tag).Execute())
	}
	return regulation.Id, version
}

// requirements are those of a version, as its document states them.
func requirements(version string) []string {
	var kinds []string
	for _, article := range got(client.RegulationsAPI.GetRegulationDocument(system, version).Execute()).Articles {
		for _, clause := range article.Clauses {
			if clause.RequirementClause != nil {
				kinds = append(kinds, kind(clause.RequirementClause.Condition))
			}
		}
	}
	return kinds
}

// kind names the one member of the union that is there.
func kind(condition okaeri.Condition) string {
	switch {
	case condition.JobFamilyCondition != nil:
		return condition.JobFamilyCondition.Kind
	case condition.TenureCondition != nil:
		return condition.TenureCondition.Kind
	case condition.ExitRouteCondition != nil:
		return condition.ExitRouteCondition.Kind
	case condition.GapCondition != nil:
		return condition.GapCondition.Kind
	}
	return "another"
}

func ask(person, regulation string) *okaeri.DecisionDocument {
	question := *okaeri.NewPersonQuestion(regulation)
	return got(client.DecisionsAPI.AskForPerson(system, person).PersonQuestion(question).Execute())
}

func open() string {
	job := okaeri.NewJobInput("affairs-"+run, okaeri.EMPLOYMENTTYPE_REGULAR, "administration", "総務", "高松")
	job.SetTitleEn("General affairs")
	job.SetGrade("3")
	id := got(client.JobsAPI.CreateJob(hr).JobInput(*job).Execute()).Id
	return got(client.JobsAPI.CreateOpening(hr).OpeningInput(*okaeri.NewOpeningInput(id, 1)).Execute()).Id
}

func apply(person, regulation, opening string) (*okaeri.Application, *http.Response, error) {
	application := okaeri.NewApplicationInput(person, regulation)
	application.SetOpeningId(opening)
	application.SetWishedStartDate(day(90))
	application.SetReasonForReturn("介護が一段落したため")
	request := client.ApplicationsAPI.CreateApplication(hr).IdempotencyKey("application-" + run)
	return request.ApplicationInput(*application).Execute()
}

// advance moves on until the regulation holds it back; it tells where it is, and what holds it.
func advance(id string) (okaeri.Stage, string) {
	for {
		application := got(client.ApplicationsAPI.GetApplication(hr, id).Execute())
		var onward okaeri.MoveAnswer
		for _, move := range got(client.ApplicationsAPI.ListAllowedMoves(hr, id).Execute()).Moves {
			if move.Kind == okaeri.MOVEKIND_ADVANCE {
				onward = move
			}
		}
		if !onward.Allowed {
			var held []string
			for _, refusal := range onward.Refusals {
				held = append(held, string(refusal.Code))
			}
			return application.Stage, strings.Join(held, ",")
		}
		move := *okaeri.NewMoveInput(okaeri.MOVEKIND_ADVANCE)
		tag := etag(application.Version)
		got(client.ApplicationsAPI.MoveApplication(hr, id).IfMatch(tag).MoveInput(move).Execute())
	}
}

func offer(application string) *okaeri.Offer {
	pay := okaeri.NewPay(*okaeri.NewMoney(325000, "JPY"), okaeri.PAYPERIOD_MONTH)
	terms := okaeri.NewOfferTerms(*pay, okaeri.EMPLOYMENTTYPE_REGULAR, "総務", day(90), "高松")
	terms.SetGrade("3")
	terms.SetFullTime(true)
	terms.SetJobFamily("administration")
	made := *okaeri.NewOfferInput(day(14), *terms)
	return got(client.OffersAPI.CreateOffer(hr, application).OfferInput(made).Execute())
}

// acknowledge reads the instruction of an application as the HR system, and takes it over.
func acknowledge(application string) (*okaeri.RehireInstruction, *okaeri.RehireInstruction) {
	list := client.OffersAPI.ListRehireInstructions(system).ApplicationId(application)
	listed := got(list.State(okaeri.INSTRUCTIONSTATE_ISSUED).Execute())
	check(len(listed.Items) == 1, "there is one instruction")
	id := listed.Items[0].Id
	issued := got(client.OffersAPI.GetRehireInstruction(system, id).Execute())
	numbers := issued.Package.FormerEmployeeNumbers
	check(len(numbers) == 1 && numbers[0] == run+"-1", "the package has the former number")
	said := okaeri.NewRehireAcknowledgement("HR-0001")
	said.SetEmployeeNumber(run + "-3")
	request := client.OffersAPI.AcknowledgeRehireInstruction(system, id).IfMatch(etag(issued.Version))
	return issued, got(request.RehireAcknowledgement(*said).Execute())
}

// register registers the new employment period of the same person.
func register(application, number string) *okaeri.Application {
	read := got(client.ApplicationsAPI.GetApplication(system, application).Execute())
	body := okaeri.NewReturnInput()
	body.SetEmployeeNumber(number)
	request := client.ApplicationsAPI.RegisterReturn(system, application).IfMatch(etag(read.Version))
	return got(request.ReturnInput(*body).Execute())
}

func main() {
	ids := importPeople([]leaver{{run + "-1", "佐藤", "花子", 3000}, {run + "-2", "田中", "一郎", 300}})
	sato, tanaka := ids[0], ids[1]
	seen := everybody()
	check(seen[sato] && seen[tanaka], "both are found")
	fmt.Println("1 two people are on record, and found page by page")

	regulation, version := adopt("R01")
	required := strings.Join(requirements(version.Id), ",")
	fmt.Printf("2 R01 is %s, and requires %s\n", version.State, required)

	questions(sato, tanaka, regulation)
	application := application(sato, regulation)
	selectionAndOffer(application.Id)

	issued, taken := acknowledge(application.Id)
	fmt.Printf("9 the rehire instruction is %s, then %s under %s\n", issued.State, taken.State, taken.GetReference())
	returned := register(application.Id, taken.GetEmployeeNumber())
	check(returned.GetReturnedPeriodId() != "", "there is a new period")
	at, _ := advance(application.Id)
	fmt.Println("  the return is registered, the application at", at)
}

func questions(sato, tanaka, regulation string) {
	yes, no := ask(sato, regulation), ask(tanaka, regulation)
	var pay okaeri.PayRule
	for _, consequence := range yes.Consequences {
		if consequence.PayConsequence != nil {
			pay = consequence.PayConsequence.Rule
		}
	}
	var against []string
	for _, finding := range no.Findings {
		if finding.Weight == okaeri.WEIGHT_AGAINST {
			against = append(against, finding.Clause)
		}
	}
	by := strings.Join(against, ",")
	fmt.Printf("3 one is %s, with pay by %s; the other %s by %s\n", yes.Verdict, pay, no.Verdict, by)
	said, begun := "no sentence", "nothing"
	base, key := given("OKAERI_URL"), given("OKAERI_API_KEY")
	if sentence, err := mayComeBack(base, key, tanaka, regulation); err == nil && sentence == no.Summary.En {
		said = "a sentence"
	}
	if id, err := mayComeBack(base, key, sato, regulation); err == nil && strings.HasPrefix(id, "app_") {
		begun = "an application"
	}
	fmt.Printf("  in ten lines: %s, and %s\n", said, begun)
}

func application(sato, regulation string) *okaeri.Application {
	opening := open()
	application := got(apply(sato, regulation, opening))
	again, response, err := apply(sato, regulation, opening)
	check(got(again, response, err).Id == application.Id, "it is one application")
	check(response.Header.Get("Idempotent-Replayed") == "true", "the first answer was given again")
	tag := etag(application.Version)
	submitted := got(client.ApplicationsAPI.SubmitApplication(hr, application.Id).IfMatch(tag).Execute())
	fmt.Println("4 sent twice, one application:", submitted.Stage)

	patch := okaeri.NewApplicationPatch()
	patch.SetReasonForReturn("転居したため")
	change := client.ApplicationsAPI.UpdateApplication(hr, application.Id).IfMatch(tag)
	stale := refused(change.ApplicationPatch(*patch).Execute())
	fmt.Println("  a stale change is refused:", stale.Status, stale.Code)
	return application
}

func selectionAndOffer(id string) {
	at, held := advance(id)
	decision := got(client.DecisionsAPI.DecideApplication(hr, id).Execute())
	fmt.Printf("5 held at %s by %s, then decided: %s\n", at, held, decision.Verdict)

	at, held = advance(id)
	fmt.Printf("6 moved on to %s, held by %s\n", at, held)

	// Where no body is given, this client sends `null`.
	none, why := okaeri.NewOfferRemark(), okaeri.NewOfferRemark()
	why.SetReason("Within the grade band.")
	made := offer(id)
	offers, tag := client.OffersAPI, func() string { return etag(made.Version) }
	made = got(offers.RequestOfferApproval(hr, made.Id).IfMatch(tag()).OfferRemark(*none).Execute())
	made = got(offers.ApproveOffer(approver, made.Id).IfMatch(tag()).OfferRemark(*why).Execute())
	at, _ = advance(id)
	made = got(offers.SendOffer(hr, made.Id).IfMatch(tag()).OfferRemark(*none).Execute())
	fmt.Printf("7 at %s the offer is %s\n", at, made.State)

	made = got(offers.AcceptOffer(system, made.Id).IfMatch(tag()).OfferRemark(*none).Execute())
	at, _ = advance(id)
	fmt.Printf("8 the offer is %s, the application at %s\n", made.State, at)
}
