// A short story: a person, a regulation of the library, the question; then what an operation of webhooks answers.

import jp.okaeri.ApiException;
import jp.okaeri.api.PeopleApi;
import jp.okaeri.api.RegulationsApi;
import jp.okaeri.api.WebhooksApi;
import jp.okaeri.model.EmploymentPeriod;
import jp.okaeri.model.EmploymentPeriodInput;
import jp.okaeri.model.EmploymentType;
import jp.okaeri.model.ExitRoute;
import jp.okaeri.model.Name;
import jp.okaeri.model.PersonInput;
import jp.okaeri.model.RegulationInput;

final class Story {
    public static void main(String[] arguments) throws ApiException {
        var hr = Question.connect(System.getenv("OKAERI_URL"), System.getenv("OKAERI_HR_TOKEN"));
        var people = new PeopleApi(hr);
        var leaver = new PersonInput().name(new Name().family("佐藤").given("花子")).birthDate(java.time.LocalDate.of(1990, 4, 2));
        var person = people.createPerson(leaver, null, null).getId();
        var today = java.time.LocalDate.now(java.time.ZoneOffset.UTC);
        var period = new EmploymentPeriod()
            .start(today.minusYears(8))
            .lastDay(today.minusYears(2))
            .employmentType(EmploymentType.REGULAR)
            .fullTime(true)
            .jobFamily("administration")
            .exitRoute(ExitRoute.RESIGNATION);
        people.createEmploymentPeriod(person, new EmploymentPeriodInput().period(period), null, null);

        var answer = Question.mayComeBack(hr, person, published());
        check(answer.startsWith("app_"), "the person may come back: " + answer);

        try {
            new WebhooksApi(hr).getWebhookEndpoint("whe_0", null);
            check(false, "no endpoint is found");
        } catch (ApiException refused) {
            check(refused.getCode() == 403 || refused.getCode() == 404, refused.getMessage());
        }
        System.out.println("one is eligible, and applied");
    }

    /** Adopts a regulation of the library and publishes it, or takes the one that was adopted before. */
    private static String published() throws ApiException {
        var hr = Question.connect(System.getenv("OKAERI_URL"), System.getenv("OKAERI_HR_TOKEN"));
        var regulations = new RegulationsApi(hr);
        String regulation;
        try {
            regulation = regulations.createRegulation(new RegulationInput().libraryCode("R01"), null, null).getId();
        } catch (ApiException refused) {
            check(refused.getCode() == 409, refused.getMessage());
            return regulations.listRegulations(null, null, null, null, null, null, null, null, null, null, null, null)
                .getItems().get(0).getId();
        }
        var version = regulations.listRegulationVersions(regulation, null).getItems().get(0);
        var read = regulations.getRegulationVersionWithHttpInfo(version.getId(), null);
        var tag = read.getHeaders().get("etag").get(0);
        regulations.publishRegulationVersion(version.getId(), tag, null, null);
        return regulation;
    }

    private static void check(boolean holds, String what) {
        if (!holds) throw new IllegalStateException(what);
    }
}
