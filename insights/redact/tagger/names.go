package tagger

// Common names, written down by us from general knowledge; names that are
// everyday words first of all are left out.
const (
	givenNames = ` james john robert michael david william richard joseph thomas charles christopher daniel matthew anthony
	donald steven steve paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan
	jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick
	dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy walter christian
	keith roger terry austin sean gerald carl dylan harold jordan jesse bryan lawrence arthur gabriel bruce logan
	billy joe alan juan elijah willie albert wayne randy mason vincent liam roy bobby caleb bradley russell lucas
	mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret
	ashley kimberly emily donna michelle carol amanda melissa deborah stephanie dorothy rebecca sharon laura
	cynthia amy kathleen angela shirley brenda emma anna pamela nicole samantha katherine christine helen debra
	rachel carolyn janet maria catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly
	christina joan evelyn judith andrea hannah megan cheryl jacqueline martha madison teresa gloria sara janice
	ann anne kathryn abigail sophia frances jean alice judy isabella julia denise danielle marilyn beverly
	charlotte natalie theresa diana brittany doris kayla alexis lori marie mohammed muhammad ahmed ali omar fatima
	aisha yusuf hassan ibrahim priya raj rahul anjali sanjay deepak sunita carlos luis miguel pedro javier diego
	sofia elena carmen pierre jacques hans klaus jürgen wei ling mei hiroshi yuki kenji olga ivan dmitri sergei
	natasha jane tom mike dave jim jimmy tim tony chris alex kate katie jenny jen liz beth becky debbie sandy
	mandy greg jeff josh zach ben sam dan danny nick andy ken ron oliver harry charlie oscar leo theo freddie
	archie ella mia ava zoe lucy molly phoebe ellie mateo lucia jamal kwame amara chidi ngozi sven lars erik björn
	ingrid astrid freya sigrid gudrun olaf abdul adrian aidan akash alberto alejandro alfred alvin amit andre
	angelo antonio arjun arun ashok barry bernard bert blake bob brad brandy bret cameron casey cecil chad chandra
	chuck clara clark clay clyde cody colin connor craig curtis daisy dale damian dana darren dean deepa dev dhruv
	dominic don dora doug drew duncan earl ed eddie edgar edwin elaine eleanor eli ellen elsie emilio ernest
	esther ethel eva fernando fiona floyd fred gail gavin geoff gina glen glenda gordon guillermo gustavo gwen
	harish harvey hector herbert howard hugh hugo ian ignacio imran irene iris isaac ismail jack jackie jade jaime
	jake jan jared jay jeanne jill jin joanna joel johnny jon jorge josephine juanita julian julio karim karl
	karthik kathy katrina kavya keisha kelvin kerry khalid kim kiran kirk kumar kurt lance laxmi lee leila lena
	leon leonard leslie lewis lloyd lorenzo louis louise luke lynn mabel mahesh manoj manuel marco marcus marcia
	marcos margie mario marion marta martin marvin matt maureen maurice max maya meera melvin mercedes mick
	mildred mina miranda mitchell mohan mona monica morgan muriel myra nadia naomi neil nelson nigel nikhil nina
	nisha nora norman owen pablo paige pam pankaj parker paula pavel peggy perry phil philip phyllis pooja prakash
	preston rafael raja rajesh ralph ramesh ramon ravi raymond renee rhonda ricardo rick rita rob roberta rohan
	roland rosa rosemary ross roxanne ruben rudy sabrina sally salma santiago santosh saul selena serena seth
	shane shannon shawn sheila shelley sherry sid simon sofie sonia stacy stan stella stewart stuart suresh susie
	sylvia tamara tanya tara ted tina todd tommy toni tracy travis trevor ursula vanessa vera vernon vicky vijay
	vikram viola virgil vivian wallace wanda warren wendy wesley wilbur wilma winston xavier yolanda yvonne zack
	zainab `
	surnames = ` smith johnson williams jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson
	moore jackson martin perez thompson harris sanchez clark ramirez lewis robinson walker wright torres nguyen
	flores adams baker rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker cruz
	edwards collins reyes stewart morris morales murphy rogers gutierrez ortiz morgan cooper peterson bailey reed
	kelly howard ramos ward cox richardson watson brooks chavez bennett mendoza ruiz hughes alvarez castillo
	sanders patel myers ross foster jimenez powell jenkins sullivan russell simmons fisher vasquez mcdonald webb
	jordan hicks daniels palmer mills nichols knight ferguson hawkins dunn perkins hudson spencer gardner payne
	pierce matthews arnold wagner willis watkins olson carroll snyder hart cunningham bradley andrews harper fox
	riley armstrong carpenter weaver greene lawrence elliott sims austin peters kelley franklin lawson ryan
	schmidt carr wheeler chapman oliver montgomery richards williamson johnston meyer bishop mccoy howell morrison
	hansen fernandez garza harvey burton fuller hanson hayes bryant alexander singh kumar sharma gupta khan shah
	reddy iyer rao das chen wang zhang liu yang huang zhao wu zhou tanaka suzuki sato kim choi ivanov petrov
	kowalski novak mueller schneider fischer weber becker hoffmann dubois moreau laurent rossi russo ferrari
	santos silva costa pereira oliveira jensen nielsen larsen olsen jonsson sigurdsson okafor mensah diallo osei
	hassan ali `
	placeNames = ` america england britain scotland wales ireland london paris berlin madrid rome vienna dublin edinburgh
	manchester birmingham liverpool glasgow bristol leeds boston chicago houston dallas austin seattle denver
	miami atlanta philadelphia detroit minneapolis baltimore pittsburgh cleveland cincinnati orlando tampa
	sacramento portland nashville memphis brooklyn manhattan toronto montreal vancouver ottawa calgary sydney
	melbourne brisbane perth auckland tokyo osaka beijing shanghai singapore mumbai delhi bangalore chennai
	kolkata hyderabad dubai istanbul moscow amsterdam brussels zurich geneva munich hamburg frankfurt barcelona
	lisbon oslo stockholm copenhagen helsinki reykjavik warsaw prague budapest athens cairo lagos nairobi
	johannesburg canada mexico australia india germany france spain italy austria switzerland netherlands belgium
	luxembourg denmark sweden norway finland iceland poland greece portugal russia ukraine romania bulgaria
	croatia serbia hungary israel egypt morocco nigeria kenya ghana ethiopia japan korea thailand vietnam
	indonesia malaysia philippines pakistan bangladesh brazil argentina colombia peru venezuela cuba europe asia
	africa california texas florida alabama alaska arizona arkansas colorado connecticut delaware hawaii idaho
	illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi
	missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee utah vermont virginia wisconsin
	wyoming ontario quebec carolina dakota jersey york angeles diego francisco antonio vegas orleans charlotte
	raleigh omaha tulsa tucson fresno oakland anchorage honolulu rochester albany hartford providence newark
	jacksonville savannah columbus indianapolis milwaukee madison louisville richmond norfolk durham greensboro
	lincoln wichita topeka boise spokane tacoma reno plano arlington irving christi laredo lubbock amarillo
	montgomery huntsville pune kochi madurai coimbatore salem jaipur lucknow kanpur nagpur indore goa usa uk `
)
